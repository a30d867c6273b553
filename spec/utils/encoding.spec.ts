/** Specification of nuages/utils/encoding, and of the charsets behind it. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import {
  LookupError,
  UnicodeDecodeError,
  UnicodeEncodeError,
  ValueError,
} from "nuages/core/exceptions";
import {
  DjangoUnicodeDecodeError,
  escape_uri_path,
  filepath_to_uri,
  force_bytes,
  force_str,
  iri_to_uri,
  is_protected_type,
  punycode,
  repercent_broken_unicode,
  smart_bytes,
  smart_str,
  uri_to_iri,
} from "nuages/utils/encoding";
import { lazystr } from "nuages/utils/functional";
import { cpu_time } from "../support/cpu_time.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function bytes(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(" ", ""), "hex");
}

describe("utils/encoding: force_str and force_bytes", () => {
  it("decodes every form of bytes", () => {
    const buffer = Buffer.from("xéx").subarray(1, 3);
    const copy = new Uint8Array(buffer);
    for (const value of [buffer, copy, copy.buffer, new DataView(copy.buffer)])
      expect(force_str(value)).to.equal("é");
  });
  it("encodes every form of bytes as those bytes", () => {
    const copy = new Uint8Array([0xff, 0x00]);
    for (const value of [copy, copy.buffer, new DataView(copy.buffer)])
      expect(hex(force_bytes(value))).to.equal("ff00");
  });
  it("gives Python's text of anything else", () => {
    expect(force_str(null)).to.equal("None");
    expect(force_str(true)).to.equal("True");
    expect(force_str([1, "a"])).to.equal("[1, 'a']");
    expect(force_bytes(1.5).toString()).to.equal("1.5");
  });
  it("shows the bytes that are no text, and keeps the error behind", () => {
    const error = caught(() => force_str(bytes("61ff")));
    expect(error).to.be.instanceOf(DjangoUnicodeDecodeError);
    expect(error).to.be.instanceOf(ValueError);
    expect((error as Error).message).to.match(/0xff at position 1.*b'a\\xff'/);
    expect((error as Error).cause).to.be.instanceOf(UnicodeDecodeError);
  });
  it("leaves a lazy text lazy in the smart forms, and converts it in the others", () => {
    const text = lazystr("é");
    expect(smart_str(text)).to.equal(text);
    expect(smart_bytes(text)).to.equal(text);
    expect(force_str(text)).to.equal("é");
    expect(hex(force_bytes(text))).to.equal("c3a9");
    expect(hex(smart_bytes("é") as Uint8Array)).to.equal("c3a9");
  });
  it("has the type of what it gives: text or bytes, unless strings_only is asked for", () => {
    expectTypeOf(force_str(5)).toEqualTypeOf<string>();
    expectTypeOf(force_str(5, { strings_only: true })).toEqualTypeOf<unknown>();
    expectTypeOf(force_bytes("a")).toEqualTypeOf<Buffer>();
    expect(force_str(5n, { strings_only: true })).to.equal(5n);
    expect(is_protected_type(undefined)).to.equal(true);
  });
});

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("utils/encoding: charsets", () => {
  const spellings: [spelling: string, text: string][] = [
    ["UTF-8", "Ã©"],
    ["utf8", "Ã©"],
    ["U8", "Ã©"],
    ["  utf_8;", "Ã©"],
    ["cp65001", "Ã©"],
  ];
  for (const [spelling] of spellings) {
    it(`knows UTF-8 as ${JSON.stringify(spelling)}`, () => {
      expect(force_str(bytes("c3a9"), { encoding: spelling })).to.equal("é");
    });
  }
  for (const unknown of [
    "no-such",
    "",
    "utf-99",
    "x-user-defined",
    "binary",
    "ucs2",
    "constructor",
  ]) {
    it(`has no charset ${JSON.stringify(unknown)}`, () => {
      expect(() => force_bytes("a", { encoding: unknown })).to.throw(LookupError);
    });
  }
  for (const binary of ["base64", "hex", "zlib", "rot13"]) {
    it(`does not take ${binary} for a charset`, () => {
      expect(() => force_str(bytes("61"), { encoding: binary })).to.throw(
        LookupError,
        /not a charset/,
      );
    });
  }

  const decoded: [encoding: string, digits: string, text: string][] = [
    ["latin-1", "e9ff", "éÿ"],
    ["utf-8-sig", "efbbbf61", "a"],
    ["utf-8", "efbbbf61", "\ufeffa"],
    ["utf-16", "fffe6100", "a"],
    ["utf-16", "feff0061", "a"],
    ["utf-16", "6100", "a"],
    ["utf-16-be", "d83dde00", "😀"],
    ["utf-16-le", "fffe6100", "\ufeffa"],
    ["utf-32", "fffe000061000000", "a"],
    ["utf-32-be", "0001f600", "😀"],
    ["windows-1252", "80", "€"],
    ["iso-8859-15", "a4", "€"],
    ["koi8-r", "c1", "а"],
    ["mac-roman", "db", "€"],
    ["shift_jis", "88a2b1", "阿ｱ"],
    ["cp932", "8160", "～"],
    ["shift_jis", "8160", "〜"],
    ["euc-jp", "8fb0a1", "丂"],
    ["gb18030", "81308138", "\u0088"],
    ["gb2312", "a1a4", "・"],
    ["big5", "c6e7", "ゃ"],
    ["euc-kr", "b0a1", "가"],
    ["cp949", "8141", "갂"],
    ["big5hkscs", "8862", "Ê̄"],
  ];
  for (const [encoding, digits, text] of decoded) {
    it(`reads ${digits} as ${encoding}`, () => {
      expect(force_str(bytes(digits), { encoding })).to.equal(text);
    });
  }

  const encoded: [encoding: string, text: string, digits: string][] = [
    ["utf-8-sig", "a", "efbbbf61"],
    ["utf-16", "a", "fffe6100"],
    ["utf-16-be", "😀", "d83dde00"],
    ["utf-32", "a", "fffe000061000000"],
    ["utf-32-le", "😀", "00f60100"],
    ["windows-1252", "a€", "6180"],
    ["shift_jis", "阿ｱ~", "88a2b17e"],
    ["shift_jis", "¥", "5c"],
    ["cp932", "鋻", "eebd"],
    ["euc-jp", "丂", "8fb0a1"],
    ["gb18030", "\u0088", "81308138"],
    ["big5", "十", "a451"],
    ["euc-kr", "가", "b0a1"],
  ];
  for (const [encoding, text, digits] of encoded) {
    it(`writes ${text} as ${digits} in ${encoding}`, () => {
      expect(hex(force_bytes(text, { encoding }))).to.equal(digits);
    });
  }

  const broken: [encoding: string, digits: string, replaced: string, ignored: string][] = [
    ["ascii", "61e962", "a\ufffdb", "ab"],
    ["utf-8", "61e28262ff", "a\ufffdb\ufffd", "ab"],
    ["utf-8", "eda080", "\ufffd\ufffd\ufffd", ""],
    ["utf-8", "f09f98", "\ufffd", ""],
    ["utf-8-sig", "efbbbfff61", "\ufffda", "a"],
    ["utf-16-le", "3dd86100", "\ufffda", "a"],
    ["utf-16-le", "610062", "a\ufffd", "a"],
    ["utf-16-le", "61003dd862", "a\ufffd", "a"],
    ["utf-32-le", "00d8000061000000ff", "\ufffda\ufffd", "a"],
    ["cp1252", "8161", "\ufffda", "a"],
    ["shift_jis", "a080ee7787", "\ufffd\ufffd\ufffdw\ufffd", "w"],
    ["gbk", "80616261", "\ufffdaba", "aba"],
    ["gb18030", "768336", "v\ufffd", "v"],
    ["gb18030", "ff61", "\ufffda", "a"],
    ["euc-jp", "8fa1", "\ufffd", ""],
  ];
  for (const [encoding, digits, replaced, ignored] of broken) {
    it(`replaces or ignores what is no ${encoding} in ${digits}, and throws by default`, () => {
      const input = bytes(digits);
      expect(force_str(input, { encoding, errors: "replace" })).to.equal(replaced);
      expect(force_str(input, { encoding, errors: "ignore" })).to.equal(ignored);
      expect(() => force_str(input, { encoding })).to.throw(DjangoUnicodeDecodeError);
    });
  }

  const missing: [encoding: string, text: string, replaced: string, references: string][] = [
    ["ascii", "aé😀", "a??", "a&#233;&#128512;"],
    ["latin-1", "a€", "a?", "a&#8364;"],
    ["koi8-r", "aé", "a?", "a&#233;"],
    ["euc-kr", "a😀", "a?", "a&#128512;"],
  ];
  for (const [encoding, text, replaced, references] of missing) {
    it(`replaces or escapes what ${encoding} has not in ${text}, and throws by default`, () => {
      const written = (errors: string): string =>
        force_bytes(text, { encoding, errors }).toString();
      expect(written("replace")).to.equal(replaced);
      expect(written("xmlcharrefreplace")).to.equal(references);
      expect(written("ignore")).to.equal("a");
      expect(() => written("strict")).to.throw(UnicodeEncodeError);
    });
  }
  it("escapes with backslashes", () => {
    const errors = "backslashreplace";
    expect(force_str(bytes("61ff"), { errors })).to.equal("a\\xff");
    expect(force_bytes("é€😀", { encoding: "ascii", errors }).toString()).to.equal(
      "\\xe9\\u20ac\\U0001f600",
    );
  });
  for (const encoding of ["utf-8", "utf-16", "utf-32", "latin-1", "gbk"]) {
    it(`never writes half a surrogate pair as ${encoding}`, () => {
      expect(() => force_bytes("a\ud800", { encoding })).to.throw(UnicodeEncodeError);
      expect(() => force_bytes("\udc00b", { encoding })).to.throw(UnicodeEncodeError);
    });
  }
  it("knows an error handler by name, and asks for it only if there is an error", () => {
    expect(force_str(bytes("61"), { errors: "no-such" })).to.equal("a");
    expect(() => force_str(bytes("ff"), { errors: "no-such" })).to.throw(LookupError);
    expect(() => force_bytes("é", { encoding: "ascii", errors: "toString" })).to.throw(LookupError);
  });
  it("reads a long text of one byte a character", () => {
    const text = "аб".repeat(50_000);
    const written = force_bytes(text, { encoding: "koi8-r" });
    expect(written.length).to.equal(100_000);
    expect(force_str(written, { encoding: "koi8-r" })).to.equal(text);
  });
});

describe("utils/encoding: URIs and IRIs", () => {
  it("takes what has a text for text, and lets null through", () => {
    expect(iri_to_uri(new URL("http://h.example/a b"))).to.equal("http://h.example/a%20b");
    expect(iri_to_uri(lazystr("/é"))).to.equal("/%C3%A9");
    expect(iri_to_uri(null)).to.equal(undefined);
    expect(uri_to_iri(undefined)).to.equal(undefined);
    expect(filepath_to_uri(null)).to.equal(undefined);
    expectTypeOf(iri_to_uri("/")).toEqualTypeOf<string>();
    expectTypeOf(iri_to_uri(null)).toEqualTypeOf<string | undefined>();
  });
  it("refuses half a surrogate pair", () => {
    expect(() => iri_to_uri("/\ud800")).to.throw(UnicodeEncodeError);
    expect(() => escape_uri_path("/\udfff")).to.throw(UnicodeEncodeError);
  });
  it("escapes a path for the file system's sake", () => {
    expect(filepath_to_uri("dir\\a b%é?.txt")).to.equal("dir/a%20b%25%C3%A9%3F.txt");
  });
  it("gives bytes back that are UTF-8 already", () => {
    expect(hex(repercent_broken_unicode(new Uint8Array([0xc3, 0xa9])))).to.equal("c3a9");
  });

  const attacks: [name: string, input: Buffer][] = [
    ["300,000 broken bytes", Buffer.alloc(300_000, 0xff)],
    ["broken and good bytes in turn", Buffer.from("é\xff".repeat(100_000), "latin1")],
    ["beginnings without an end", Buffer.alloc(300_000, "f09f98", "hex")],
  ];
  for (const [name, input] of attacks) {
    it(`escapes ${name} in linear time`, () => {
      expect(cpu_time(() => repercent_broken_unicode(input))).to.be.below(500);
      const uri = Array.from(input, (byte) => `%${byte.toString(16)}`).join("");
      expect(cpu_time(() => uri_to_iri(uri))).to.be.below(500);
    });
  }
});

describe("utils/encoding: punycode", () => {
  const names: [domain: string, ascii: string][] = [
    ["", ""],
    ["Example.COM", "Example.COM"],
    ["example.com.", "example.com."],
    ["straße.example", "strasse.example"],
    ["ΒΌΛΟΣ.com", "xn--nxasmq6b.com"],
    ["日本。example", "xn--wgv71a.example"],
  ];
  for (const [domain, ascii] of names) {
    it(`writes ${JSON.stringify(domain)}`, () => {
      expect(punycode(domain)).to.equal(ascii);
    });
  }
  for (const domain of ["a..b", ".é", `${"é".repeat(64)}.com`]) {
    it(`refuses ${domain.slice(0, 10)}`, () => {
      expect(() => punycode(domain)).to.throw(UnicodeEncodeError);
    });
  }
});
