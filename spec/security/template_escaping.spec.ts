/** Security of templates: what they escape, once and wherever it comes from. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { mark_safe } from "nuages/utils/safestring";
import { json, render } from "../support/templates.ts";

describe("security/templates: escaping", () => {
  const ATTACK = "<b>&\"'\\`";
  const ESCAPED = "&lt;b&gt;&amp;&quot;&#x27;\\`";
  class Texted {
    toString(): string {
      return ATTACK;
    }
  }
  class Numbered extends Number {
    override toString(): string {
      return ATTACK;
    }
  }

  const bare: [what: string, value: unknown, text: string][] = [
    [
      "an object without a prototype",
      Object.assign(Object.create(null), { a: "<" }),
      "{&#x27;a&#x27;: &#x27;&lt;&#x27;}",
    ],
    ["JSON with a key toString", json('{"toString": 1}'), "{&#x27;toString&#x27;: 1}"],
    [
      "JSON with keys val and length",
      json('{"val": "<b>", "length": 3}'),
      "{&#x27;val&#x27;: &#x27;&lt;b&gt;&#x27;, &#x27;length&#x27;: 3}",
    ],
    [
      "JSON with a key __html__",
      json('{"__html__": "<b>"}'),
      "{&#x27;__html__&#x27;: &#x27;&lt;b&gt;&#x27;}",
    ],
  ];
  for (const [what, value, text] of bare) {
    const row = what.includes("val") || what.includes("html") ? "R9" : "R7";
    it(`${row}: ${what} is shown as text, escaped`, () => {
      expect(render("{{ x }}", { x: value })).to.equal(text);
      expect(render("{{ x | escape }}{{ x | string }}", { x: value })).to.equal(text + text);
      expect(render("{{ x | safe }}", { x: value })).not.to.match(/\[object/);
    });
  }
  it("R9: a key called length makes no list of JSON", () => {
    const x = json('{"length": 1000000000, "<b>": 1}');
    expect(render("{% for k in x %}{{ k }} {% endfor %}", { x })).to.equal("length &lt;b&gt; ");
    expect(render("{% for k, v in x %}{{ v }} {% endfor %}", { x })).to.equal("1000000000 1 ");
  });

  const shapes: [what: string, template: string, value: unknown][] = [
    ["a text", "{{ x }}", ATTACK],
    ["an object with toString", "{{ x }}", new Texted()],
    ["a number of a class of its own", "{{ x }}", new Numbered(1)],
    ["a String", "{{ x }}", new String(ATTACK)],
    ["an error", "{{ x }}", new Error(ATTACK)],
    ["the key of a dictionary", "{% for k, v in x %}{{ k }}{% endfor %}", { [ATTACK]: 1 }],
    ["the item of a list", "{{ x[0] }}", [ATTACK]],
    ["what a function gives", "{{ x }}", () => ATTACK],
    ["an attribute", "{{ x.y }}", { y: ATTACK }],
    ["escape", "{{ x | escape }}", ATTACK],
    ["e", "{{ x | e }}", ATTACK],
    ["forceescape", "{{ x | forceescape }}", ATTACK],
    ["escape, twice", "{{ x | escape | escape }}", ATTACK],
  ];
  for (const [what, template, value] of shapes) {
    it(`R8: ${what} is escaped: Django's five characters`, () => {
      expect(render(template, { x: value })).to.equal(ESCAPED);
    });
  }
  it("R8: in a list and a dictionary it is escaped, too", () => {
    for (const x of [
      [ATTACK],
      { [ATTACK]: ATTACK },
      new Map([[ATTACK, ATTACK]]),
      new Set([ATTACK]),
    ])
      expect(render("{{ x }}", { x })).not.to.match(/[<>"']/);
  });

  const once: [template: string, text: string][] = [
    ["{{ [x, x] | join(s) }}", "&lt;b&gt;&lt;s&gt;&lt;b&gt;"],
    ["{{ [h, x] | join(s) }}", "<i></i>&lt;s&gt;&lt;b&gt;"],
    ["{{ [x, x] | join(h) }}", "&lt;b&gt;<i></i>&lt;b&gt;"],
    ["{{ x | replace('b', s) }}", "&lt;&lt;s&gt;&gt;"],
    ["{{ h | replace('i', x) }}", "<&lt;b&gt;></&lt;b&gt;>"],
    ["{{ h | replace('<i>', x) }}", "&lt;b&gt;</i>"],
    ["{{ h | truncate(3, true, x) }}", "<i>&lt;b&gt;"],
    ["{{ x | truncate(1, true, x) }}", "&lt;&lt;b&gt;"],
    ["{{ x | nl2br }}", "&lt;b&gt;"],
    [
      "{{ u | urlize }}",
      '<a href="http://a.com/" rel="nofollow">http://a.com/</a>&quot;onclick=x&lt;b&gt;',
    ],
    [
      "{{ u | urlize | safe }}",
      '<a href="http://a.com/" rel="nofollow">http://a.com/</a>&quot;onclick=x&lt;b&gt;',
    ],
    ["{{ 'a<b>b' | striptags }}", "ab"],
    ["{{ '<<b>script>x' | striptags }}", "x"],
    ["{{ '&lt;b&gt;' | striptags }}", "&amp;lt;b&amp;gt;"],
    ["{{ (x | safe) + x }}", "&lt;b&gt;&lt;b&gt;"],
    ["{{ x | safe ~ x }}", "&lt;b&gt;&lt;b&gt;"],
    ["{{ x | safe }}", "<b>"],
    ["{{ x | safe | upper }}", "&lt;B&gt;"],
    ["{% set y %}{{ x }}<i>{% endset %}{{ y }}", "&lt;b&gt;<i>"],
    ["{% set y = x %}{{ y }}", "&lt;b&gt;"],
    [
      "{% macro m(a) %}<i>{{ a }}{{ caller() }}{% endmacro %}{% call m(x) %}{{ x }}{% endcall %}",
      "<i>&lt;b&gt;&lt;b&gt;",
    ],
    ["{% macro m(a) %}{{ a }}{% endmacro %}{{ m(m(x)) }}", "&lt;b&gt;"],
    ["{% filter replace('i', x) %}<i>{% endfilter %}", "<&lt;b&gt;>"],
    ["{% filter join(x) %}ab{% endfilter %}", "a&lt;b&gt;b"],
    ["{% filter truncate(1, true, x) %}abc{% endfilter %}", "a&lt;b&gt;"],
    ["{% filter upper %}{{ x }}{% endfilter %}", "&LT;B&GT;"],
    ["{{ x | default(s) }}{{ z | default(s) }}", "&lt;b&gt;&lt;s&gt;"],
    [
      "{{ x | center(5) }}|{{ x | indent(1, true) }}|{{ x | trim }}",
      " &lt;b&gt; | &lt;b&gt;|&lt;b&gt;",
    ],
    ["{{ x | batch(2) }}{{ x | slice(1) }}", ""],
    ["{{ x | dump }}", "&quot;&lt;b&gt;&quot;"],
    [
      "{{ x | title }}{{ x | capitalize }}{{ x | lower }}{{ x | reverse }}",
      "&lt;B&gt;&lt;b&gt;&lt;b&gt;&gt;b&lt;",
    ],
    ["{{ x if true }}{{ x or 1 }}{{ [x] }}", "&lt;b&gt;&lt;b&gt;[&#x27;&lt;b&gt;&#x27;]"],
  ];
  for (const [template, text] of once) {
    it(`R10: ${template} is escaped once`, () => {
      const context = {
        x: "<b>",
        s: "<s>",
        h: mark_safe("<i></i>"),
        u: 'http://a.com/"onclick=x<b>',
      };
      const found = render(template, context);
      if (text === "") expect(found).not.to.match(/[<>]/);
      else expect(found).to.equal(text);
    });
  }
});
