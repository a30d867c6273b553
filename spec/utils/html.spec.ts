/** Specification of nuages/utils/html. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { IndexError, KeyError, SuspiciousOperation, ValueError } from "nuages/core/exceptions";
import { override_settings } from "nuages/test/utils";
import {
  conditional_escape,
  escape,
  escapejs,
  format_html,
  format_html_join,
  html_safe,
  json_script,
  MAX_STRIP_TAGS_DEPTH,
  smart_urlquote,
  strip_tags,
  urlize,
  Urlizer,
  VOID_ELEMENTS,
} from "nuages/utils/html";
import { mark_safe } from "nuages/utils/safestring";
import { cpu_time } from "../support/cpu_time.ts";

describe("utils/html: escaping", () => {
  it("escapes five characters and no other (I13)", () => {
    expect(String(escape("<>&\"'`\\/="))).to.equal("&lt;&gt;&amp;&quot;&#x27;`\\/=");
  });

  it("escapes what is marked safe only when told to", () => {
    expect(String(escape(mark_safe("<b>")))).to.equal("&lt;b&gt;");
    expect(String(conditional_escape(mark_safe("<b>")))).to.equal("<b>");
  });

  const texts: [value: unknown, text: string][] = [
    [null, "None"],
    [true, "True"],
    [1.5, "1.5"],
    [["<"], "[&#x27;&lt;&#x27;]"],
  ];
  for (const [value, text] of texts) {
    it(`escapes the text of ${JSON.stringify(value)}`, () => {
      expect(String(escape(value))).to.equal(text);
    });
  }

  it("leaves nothing that ends a script or a string in it (I14)", () => {
    expect(String(escapejs("</script>'\"\\\u2028\0`\r\n"))).to.equal(
      "\\u003C/script\\u003E\\u0027\\u0022\\u005C\\u2028\\u0000\\u0060\\u000D\\u000A",
    );
    expect(String(escapejs("<!--"))).to.equal("\\u003C!\\u002D\\u002D");
    expect(String(json_script("</script><!--&", { element_id: 'x"' }))).to.equal(
      '<script id="x&quot;" type="application/json">"\\u003C/script\\u003E\\u003C!--\\u0026"</script>',
    );
  });
});

describe("utils/html: format_html", () => {
  const formatted: [format: string, args: unknown[], html: string][] = [
    ["<b>{}</b>", ["<"], "<b>&lt;</b>"],
    ["{1}{0}", ["a", "b"], "ba"],
    ["{x}{}", ["a", { x: "&" }], "&amp;a"],
    ["{{}} {}", [1], "{} 1"],
    ["{:>4}|{:.1}", ["a", "xyz"], "   a|x"],
    ["{!r}", [mark_safe("a")], "'a'"],
  ];
  for (const [format, args, html] of formatted) {
    it(`fills ${format} with ${JSON.stringify(args)}`, () => {
      expect(String(format_html(format, ...args))).to.equal(html);
    });
  }

  it("does not format what it fills in", () => {
    expect(String(format_html("{}", "{0}"))).to.equal("{0}");
  });

  it("names what is missing", () => {
    expect(() => format_html("{}{}", "a")).to.throw(IndexError);
    expect(() => format_html("{x}", { y: 1 })).to.throw(KeyError);
    expect(() => format_html("{constructor}", { y: 1 })).to.throw(KeyError);
    expect(() => format_html("{}{0}", "a")).to.throw(ValueError);
    expect(() => format_html("{", "a")).to.throw(ValueError);
  });

  it("refuses to mark what nothing was filled into", () => {
    expect(() => format_html("<b>")).to.throw(TypeError);
    expect(() => format_html("<b>", {})).to.throw(TypeError);
  });

  it("joins with an escaped separator", () => {
    const rows = [["a"], new Set(["<"]), { 0: "no" }];
    expect(String(format_html_join("<br>", "{}", rows.slice(0, 2)))).to.equal("a&lt;br&gt;&lt;");
  });
});

describe("utils/html: html_safe", () => {
  it("takes the text of a class's objects for HTML", () => {
    class Icon {
      toString(): string {
        return "<i></i>";
      }
    }
    expect(html_safe(Icon)).to.equal(Icon);
    expect(String(conditional_escape(new Icon()))).to.equal("<i></i>");
  });

  it("refuses a class without text, or with HTML of its own", () => {
    class Mute {}
    class Own {
      __html__(): string {
        return "";
      }
      toString(): string {
        return "";
      }
    }
    expect(() => html_safe(Mute)).to.throw(ValueError);
    expect(() => html_safe(Own)).to.throw(ValueError);
  });
});

describe("utils/html: strip_tags", () => {
  const stripped: [html: string, text: string][] = [
    ["<<b>", "<"],
    ["<sc<script>ript>alert(1)", "ript>alert(1)"],
    ["a<!-- <b> -->c", "ac"],
    ["a<!-->b", "ab"],
    ['<a title=">">x</a>', "x"],
    ["<a href=x/>y</a>", "y"],
    ["<script>1 < 2</script>", "1 < 2"],
    ["X<<<<br>br>br>br>X", "XX"],
    ["a &amp b<br>", "a &amp; b"],
    ["&#65 <b>&#x42;</b>", "&#65; &#x42;"],
    ["</>a</ b>c<?php x ?>d<!doctype html>e", "acde"],
    ["<b>a<i", "a"],
    ["x > y <", "x > y <"],
  ];
  for (const [html, text] of stripped) {
    it(`makes ${JSON.stringify(text)} of ${html}`, () => {
      expect(strip_tags(html)).to.equal(text);
    });
  }

  it(`gives up when tags are ${MAX_STRIP_TAGS_DEPTH} deep in tags`, () => {
    expect(strip_tags("<".repeat(50) + "a>".repeat(50))).to.equal("");
    expect(() => strip_tags("<".repeat(51) + "a>".repeat(51))).to.throw(SuspiciousOperation);
  });

  const hostile: [name: string, html: string][] = [
    ["<", "<".repeat(100_000) + ">"],
    ["<!", "<!".repeat(50_000) + ">"],
    ["</", "</".repeat(50_000) + ">"],
    ["&lt;", `${"&lt;".repeat(50_000)}<>`],
    ["<!--", "<!--".repeat(50_000) + ">"],
  ];
  for (const [name, html] of hostile) {
    it(`is quick with ${name} again and again (I8, R15)`, () => {
      expect(cpu_time(() => strip_tags(html), 2)).to.be.lessThan(500);
    });
  }

  for (const open of ["<a ", "<s"]) {
    it(`refuses ${open} again and again (I8)`, () => {
      expect(() => strip_tags(open.repeat(50_000))).to.throw(SuspiciousOperation);
    });
  }
});

describe("utils/html: urlize", () => {
  const none = ["javascript:alert(1)", "//evil.com", "http://[::1", "a@b", "x.test"];
  for (const text of none) {
    it(`makes no link of ${text} (I10)`, () => {
      expect(urlize(text, { autoescape: true })).to.equal(text);
    });
  }

  const linked: [text: string, html: string][] = [
    ['http://a.com/"onmouseover=x', '<a href="http://a.com/">http://a.com/</a>&quot;onmouseover=x'],
    ["http://a.com/'x", '<a href="http://a.com/">http://a.com/</a>&#x27;x'],
    ["www.a.com<b>", '<a href="http://www.a.com">www.a.com</a>&lt;b&gt;'],
    ["(see www.a.com).", '(see <a href="http://www.a.com">www.a.com</a>).'],
    ["http://a.com/x)", '<a href="http://a.com/x">http://a.com/x</a>)'],
    [
      "http://a.com/?a=1&amp;b=2;",
      '<a href="http://a.com/?a=1&amp;b=2">http://a.com/?a=1&amp;amp;b=2</a>;',
    ],
    ["[http://a.com/a[b]]", '[<a href="http://a.com/a[b]">http://a.com/a[b]</a>]'],
    ['"a b"@c.com', "&quot;a b&quot;@c.com"],
    ["a@[127.0.0.1]", '<a href="mailto:a@%5B127.0.0.1%5D">a@[127.0.0.1]</a>'],
  ];
  for (const [text, html] of linked) {
    it(`links ${text}`, () => {
      expect(urlize(text, { autoescape: true })).to.equal(html);
    });
  }

  it("links bare domains by HTTPS if the site says so", () => {
    const run = override_settings({ URLIZE_ASSUME_HTTPS: true });
    expect(run(() => urlize("a.com"))()).to.equal('<a href="https://a.com">a.com</a>');
  });

  it("leaves a safe text as it is around its links", () => {
    expect(urlize(mark_safe("<b>a.com</b>"), { autoescape: true })).to.equal(
      '<b><a href="http://a.com">a.com</a></b>',
    );
  });

  it("can be changed in a subclass", () => {
    class Quiet extends Urlizer {
      override url_of(): undefined {}
    }
    expect(new Quiet().urlize("http://a.com")).to.equal("http://a.com");
  });

  const hostile: [name: string, text: string][] = [
    ["a.", "a.".repeat(50_000)],
    [":", ":".repeat(50_000)],
    ["brackets", `${"(".repeat(50_000)}:${")".repeat(50_000)}`],
    ["@", "@".repeat(50_000)],
    ["x@", "x@".repeat(50_000)],
    ["!", `http://a.com${"!".repeat(50_000)}`],
    ["&lt;", `a.com${"&lt;".repeat(50_000)}`],
    ["[", `${"[".repeat(50_000)}:${"]".repeat(50_000)}`],
    ["www.", "www.".repeat(50_000)],
    [";", `&:${";".repeat(50_000)}`],
    ["é", `a.${"é".repeat(50_000)}`],
  ];
  for (const [name, text] of hostile) {
    it(`is quick with 50,000 of ${name} (I9)`, () => {
      expect(cpu_time(() => urlize(text, { autoescape: true }), 2)).to.be.lessThan(500);
    });
  }
});

describe("utils/html: smart_urlquote", () => {
  it("quotes once, whatever is quoted already", () => {
    expect(smart_urlquote("http://a.com/%20 ?a=%2B+b#é")).to.equal(
      "http://a.com/%20%20?a=%2B+b#%C3%A9",
    );
  });
});

describe("utils/html: VOID_ELEMENTS", () => {
  it("has the elements without an end tag", () => {
    expect(VOID_ELEMENTS.has("br") && !VOID_ELEMENTS.has("p")).to.equal(true);
  });
});
