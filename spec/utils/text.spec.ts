/** Specification of nuages/utils/text. @module */
import { inspect } from "node:util";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import { SuspiciousFileOperation, ValueError } from "nuages/core/exceptions";
import {
  acompress_sequence,
  add_truncation_text,
  compress_sequence,
  compress_string,
  format_lazy,
  get_valid_filename,
  slugify,
  smart_split,
  trim_value,
  Truncator,
  wrap,
} from "nuages/utils/text";
import { cpu_time } from "../support/cpu_time.ts";

describe("utils/text: compressing", () => {
  const text = Buffer.from("repeat me, ".repeat(2000));

  it("makes the same bytes every time", () => {
    expect(compress_string(text).equals(compress_string(text))).to.equal(true);
    expect(compress_string(text).subarray(0, 10).toString("hex")).to.equal("1f8b08000000000000ff");
    expect(gunzipSync(compress_string(text)).equals(text)).to.equal(true);
  });

  it("hides the length behind a name in the header", () => {
    const lengths = new Set<number>();
    for (let i = 0; i < 50; i++) {
      const compressed = compress_string(text, { max_random_bytes: 100 });
      expect(gunzipSync(compressed).equals(text)).to.equal(true);
      lengths.add(compressed.length);
    }
    expect(lengths.size).to.be.greaterThan(5);
  });

  const items = [text, Buffer.alloc(0), Buffer.alloc(0), Buffer.from("x"), text, text];

  it("gives the header before the first item, then a piece for each", () => {
    let pulled = 0;
    function* source(): Generator<Buffer> {
      for (const item of items) {
        pulled += 1;
        yield item;
      }
    }
    const pieces = compress_sequence(source());
    expect(pieces.next().value).to.have.length(10);
    expect(pulled).to.equal(0);
    const first = pieces.next().value as Buffer; // the piece of the first item
    expect(pulled).to.equal(1);
    const rest = [...pieces];
    expect(rest).to.have.length(items.length);
    const head = compress_string(Buffer.alloc(0)).subarray(0, 10);
    expect(gunzipSync(Buffer.concat([head, first, ...rest])).equals(Buffer.concat(items))).to.equal(
      true,
    );
  });

  it("refers back across items, so that a repeated one costs little", () => {
    const sizes = [...compress_sequence([text, text], {})].map((piece) => piece.length);
    expect(sizes[2]).to.be.lessThan(sizes[1] as number);
  });

  it("does the same for what has to be waited for", async () => {
    async function* source(): AsyncGenerator<Buffer> {
      yield* items;
    }
    const pieces: Buffer[] = [];
    for await (const piece of acompress_sequence(source(), { max_random_bytes: 10 }))
      pieces.push(piece);
    expect(pieces).to.have.length(items.length + 2);
    expect(gunzipSync(Buffer.concat(pieces)).equals(Buffer.concat(items))).to.equal(true);
  });
});

describe("utils/text: get_valid_filename", () => {
  const names: [name: string, valid: string][] = [
    ["a/b", "ab"],
    ["a\0b", "ab"],
    ["..\\x", "..x"],
    ["é漢.txt", "é漢.txt"],
    ["a\u202eb", "ab"],
    [" my file.txt ", "my_file.txt"],
  ];
  for (const [name, valid] of names) {
    it(`makes ${valid} of ${inspect(name)} (I16)`, () => {
      expect(get_valid_filename(name)).to.equal(valid);
    });
  }

  for (const name of ["..", ".", "", "/", "\0"]) {
    it(`refuses ${inspect(name)} (I16)`, () => {
      expect(() => get_valid_filename(name)).to.throw(SuspiciousFileOperation);
    });
  }
});

describe("utils/text: Truncator", () => {
  it("prints its text, and leaves it as it is", () => {
    const truncator = new Truncator("a b c");
    truncator.words(1);
    expect(`${truncator}`).to.equal("a b c");
  });

  const cut: [html: string, words: number, result: string][] = [
    ["<p>a <b>b</b> c</p>", 1, "<p>a <b>…</b></p>"],
    ["a <br/>b", 1, "a <br/>…"],
    ["a <img src='x>y'> b", 1, "a <img src='x>y'>…"],
    ["a <hr> b<i/>c", 2, "a <hr> b<i/></i>…"],
    ["a &lt;b&gt; c", 2, "a &lt;b&gt;…"],
    ["a &amp", 5, ""],
  ];
  for (const [html, words, result] of cut) {
    it(`cuts ${html} after ${words} words`, () => {
      expect(new Truncator(html).words(words, { html: true })).to.equal(result);
    });
  }

  it("puts the text where the mark says", () => {
    expect(add_truncation_text("a", { truncate: "[%(truncated_text)s]" })).to.equal("[a]");
    expect(new Truncator("abc").chars(2, { truncate: "%(truncated_text)s~" })).to.equal("a~");
    expect(new Truncator("$& $1 x").words(2, { truncate: "<%(truncated_text)s>" })).to.equal(
      "<$& $1>",
    );
  });

  it("takes a number as text, and refuses what is none", () => {
    expect(new Truncator("a b").words("1" as never)).to.equal("a…");
    expect(() => new Truncator("a").words("x" as never)).to.throw(ValueError);
  });

  const hostile: [name: string, html: string][] = [
    ["open tags, then stray closing ones", "<p>".repeat(40_000) + "</b>".repeat(40_000)],
    ["</a>", "</a>".repeat(50_000)],
    ["&", "&".repeat(200_000)],
    ["<", "<".repeat(50_000)],
    ["6 million characters", "a".repeat(6_000_000)],
  ];
  for (const [name, html] of hostile) {
    it(`is quick with ${name} (I11)`, () => {
      const truncator = new Truncator(html);
      expect(cpu_time(() => truncator.words(10, { html: true }), 1)).to.be.lessThan(1000);
      expect(cpu_time(() => truncator.chars(10, { html: true }), 1)).to.be.lessThan(1000);
    });
  }
});

describe("utils/text: wrap", () => {
  it("is quick with one line of a million characters, and with spaces (I12)", () => {
    expect(cpu_time(() => wrap("a".repeat(1_000_000), 80), 2)).to.be.lessThan(500);
    expect(cpu_time(() => wrap(" ".repeat(200_000), 80), 2)).to.be.lessThan(500);
    expect(cpu_time(() => wrap("a ".repeat(200_000), 80), 2)).to.be.lessThan(500);
  });

  it("refuses a width below 1", () => {
    expect(() => wrap("a", 0)).to.throw(ValueError);
  });

  it("counts a tab up to the next eighth column", () => {
    expect(wrap("a\tb", 8)).to.equal("a\nb");
    expect(wrap("a\tb", 9)).to.equal("a       b");
  });
});

describe("utils/text: the rest", () => {
  it("makes slugs of what is no text, too", () => {
    expect(slugify(1.5)).to.equal("15");
    expect(slugify(null)).to.equal("none");
  });

  it("splits at Python's white space", () => {
    expect([...smart_split("a\u0085b\u001cc\ufeffd")]).to.deep.equal(["a", "b", "c\ufeffd"]);
  });

  it("tells how much of a long text was cut", () => {
    expect(trim_value("abcdef", { limit: 4 })).to.deep.equal([
      "abcd",
      "… <trimmed 2 chars out of 6>",
    ]);
    expect(trim_value(5)).to.deep.equal([5, ""]);
    expect(trim_value("😀😀", { limit: 2 })).to.deep.equal(["😀😀", ""]);
  });

  it("formats with positions and names", () => {
    expect(format_lazy("{} {x}", "a", { x: 1 })).to.equal("a 1");
  });
});
