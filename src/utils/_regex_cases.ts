/** Which characters are one and the same to a Python pattern that ignores case. @module */

// Characters that have more than two forms, and pairs of which one form is several characters elsewhere.
const GROUPS =
  "Iiİı Kk\u212a Ssſ \u00b5Μμ Åå\u212b \u01c4\u01c5\u01c6 \u01c7\u01c8\u01c9 " +
  "\u01ca\u01cb\u01cc \u01f1\u01f2\u01f3 \u0345Ιι\u1fbe Ββ\u03d0 Εε\u03f5 " +
  "Θθ\u03d1\u03f4 Κκ\u03f0 Ππ\u03d6 Ρρ\u03f1 Σςσ Φφ\u03d5 Ωω\u2126 Ввᲀ Ддᲁ Ооᲂ Ссᲃ " +
  "Ттᲄᲅ Ъъᲆ Ѣѣᲇ ᲈꙊꙋ Ṡṡ\u1e9b ßẞ ΐ\u1fd3 ΰ\u1fe3 ᾀᾈ ᾁᾉ ᾂᾊ ᾃᾋ ᾄᾌ ᾅᾍ ᾆᾎ ᾇᾏ ᾐᾘ ᾑᾙ ᾒᾚ ᾓᾛ ᾔᾜ " +
  "ᾕᾝ ᾖᾞ ᾗᾟ ᾠᾨ ᾡᾩ ᾢᾪ ᾣᾫ ᾤᾬ ᾥᾭ ᾦᾮ ᾧᾯ ᾳᾼ ῃῌ ῳῼ \ufb05\ufb06";

let groups: Map<number, readonly number[]> | undefined;

function special(code: number): readonly number[] | undefined {
  if (groups === undefined) {
    groups = new Map();
    for (const group of GROUPS.split(" ")) {
      const codes = Array.from(group, (character) => character.codePointAt(0) ?? 0);
      for (const each of codes) groups.set(each, codes);
    }
  }
  return groups.get(code);
}

/** The character, and every other that differs from it in case alone; with the flag `a` only among ASCII. */
export function cases_of(code: number, ascii: boolean): readonly number[] {
  const cases = all_cases(code);
  return ascii ? cases.filter((other) => other === code || (other < 128 && code < 128)) : cases;
}

function all_cases(code: number): readonly number[] {
  const known = special(code);
  if (known !== undefined) return known;
  const character = String.fromCodePoint(code);
  const cases = [code];
  for (const other of [character.toLowerCase(), character.toUpperCase()]) {
    const other_code = other.codePointAt(0) ?? 0;
    if (other !== character && other.length === String.fromCodePoint(other_code).length)
      cases.push(other_code);
  }
  return cases;
}
