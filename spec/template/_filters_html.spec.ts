import { describe } from "mocha";
import { type FilterRow, safe, specify } from "../support/filters.ts";

// What Django 6.1 gives.
const ROWS: FilterRow[] = [
  ["escape", ["<b>'\"&"], safe("&lt;b&gt;&#x27;&quot;&amp;")],
  ["escape", [safe("<b>")], safe("<b>")],
  ["escape", [null], safe("None")],
  ["force_escape", [safe("<b>'")], safe("&lt;b&gt;&#x27;")],
  ["escapeseq", [["<", safe("<")]], [safe("&lt;"), safe("<")]],
  ["escapejs", ["it's </script>\u2028\n"], safe("it\\u0027s \\u003C/script\\u003E\\u2028\\u000A")],
  [
    "json_script",
    [{ a: "</script>" }, "x"],
    safe('<script id="x" type="application/json">{"a": "\\u003C/script\\u003E"}</script>'),
  ],
  ["json_script", [[1, null]], safe('<script type="application/json">[1, null]</script>')],
  [
    "json_script",
    ["a", '"><i>'],
    safe('<script id="&quot;&gt;&lt;i&gt;" type="application/json">"a"</script>'),
  ],
  ["linebreaks", ["a\nb\n\n\nc<"], safe("<p>a<br>b</p>\n\n<p>c&lt;</p>")],
  ["linebreaks", [safe("a\n<b>")], safe("<p>a<br><b></p>")],
  ["linebreaks", ["a<", false], safe("<p>a<</p>")],
  ["linebreaksbr", ["a\r\nb<\rc"], safe("a<br>b&lt;<br>c")],
  ["linebreaksbr", [safe("<\n>")], safe("<<br>>")],
  ["linebreaksbr", ["<", false], safe("<")],
  ["linenumbers", ["a\n<"], safe("1. a\n2. &lt;")],
  [
    "linenumbers",
    ["a\nb\nc\nd\ne\nf\ng\nh\ni\nj"],
    safe("01. a\n02. b\n03. c\n04. d\n05. e\n06. f\n07. g\n08. h\n09. i\n10. j"),
  ],
  ["safe", ["<b>"], safe("<b>")],
  ["safe", [5], safe("5")],
  ["safeseq", [["<", 1]], [safe("<"), safe("1")]],
  ["striptags", ["<b>x</b> <i>y"], "x y"],
  ["striptags", [safe("<b>&amp;</b>")], safe("&amp;")],
  [
    "urlize",
    ["see www.django.com <b>"],
    safe('see <a href="http://www.django.com" rel="nofollow">www.django.com</a> &lt;b&gt;'),
  ],
  [
    "urlize",
    [safe("http://a.com/?x&amp;y")],
    safe('<a href="http://a.com/?x=&amp;y=" rel="nofollow">http://a.com/?x&amp;y</a>'),
  ],
  ["urlize", ["a <b>", false], safe("a <b>")],
  [
    "urlizetrunc",
    ["http://example.com/abc", "12"],
    safe('<a href="http://example.com/abc" rel="nofollow">http://exam…</a>'),
  ],
  [
    "unordered_list",
    [["x", ["<y>", ["z"]], "w"]],
    safe(
      "\t<li>x\n\t<ul>\n\t\t<li>&lt;y&gt;\n\t\t<ul>\n\t\t\t<li>z</li>\n\t\t</ul>\n\t\t</li>\n\t</ul>\n\t</li>\n\t<li>w</li>",
    ),
  ],
  ["unordered_list", [[]], safe("")],
  ["unordered_list", [["<a>"], false], safe("\t<li><a></li>")],
  ["pprint", [["a", { b: 1 }]], "['a', {'b': 1}]"],
  [
    "pprint",
    [
      [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29,
      ],
    ],
    "[0,\n 1,\n 2,\n 3,\n 4,\n 5,\n 6,\n 7,\n 8,\n 9,\n 10,\n 11,\n 12,\n 13,\n 14,\n 15,\n 16,\n 17,\n 18,\n 19,\n 20,\n 21,\n 22,\n 23,\n 24,\n 25,\n 26,\n 27,\n 28,\n 29]",
  ],
];

describe("template/_filters_html: Django's results", () => {
  specify(ROWS);
});
