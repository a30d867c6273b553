import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import nunjucks from "nunjucks";
import { Nunjucks, TemplateSyntaxError } from "nuages/template";
import * as filters from "nuages/template/defaultfilters";
import { mark_safe, type SafeString } from "nuages/utils/safestring";
import { override } from "nuages/utils/timezone";

function engine(options: Record<string, unknown> = {}): Nunjucks {
  return new Nunjucks({ NAME: "n", DIRS: [], APP_DIRS: false, OPTIONS: options });
}

const VALUES = {
  x: "<b>",
  s: mark_safe("<i>it's</i>"),
  l: ["a", "<b>", mark_safe("<c>")],
  e: [],
  none: null,
  n: 1234.5,
  d: new Date("2026-01-02T15:04:05Z"),
  f: () => "called",
};

// What Django 6.1 prints for the same, written as `x|join:", "`.
const PRINTED: [source: string, expected: string][] = [
  ["{{ l | join(', ') }}", "a, &lt;b&gt;, <c>"],
  ["{{ l | join('<br>') }}", "a<br>&lt;b&gt;<br><c>"],
  ["{{ l | join(x) }}", "a&lt;b&gt;&lt;b&gt;&lt;b&gt;<c>"],
  ["{{ e | default('<i>none</i>') }}", "<i>none</i>"],
  ["{{ e | default(x) }}", "&lt;b&gt;"],
  ["{{ none_ | default_if_none('x') }}", "x"],
  ["{{ s | add('<u>') }}", "<i>it's</i><u>"],
  ["{{ s | add(x) }}", "&lt;i&gt;it&#x27;s&lt;/i&gt;&lt;b&gt;"],
  ["{{ s | lower }} {{ s | upper }}", "<i>it's</i> &lt;I&gt;IT&#x27;S&lt;/I&gt;"],
  ["{{ s | title }} {{ s | capfirst }}", "<I>It's</I> <i>it's</i>"],
  ["{{ s | addslashes }} {{ s | cut(';') }}", "<i>it\\'s</i> &lt;i&gt;it&#x27;s&lt;/i&gt;"],
  ["{{ s | slice(':3') }} {{ s | first }}", "<i> &lt;"],
  ["{{ s | last }} {{ s | length }} {{ s | wordcount }}", "> 11 1"],
  ["{{ s | escape }} {{ s | force_escape }}", "<i>it's</i> &lt;i&gt;it&#x27;s&lt;/i&gt;"],
  ["{{ x | escape | escape }} {{ x | safe }}", "&lt;b&gt; <b>"],
  ["{{ s | urlencode }} {{ s | urlencode('') }}", "%3Ci%3Eit%27s%3C/i%3E %3Ci%3Eit%27s%3C%2Fi%3E"],
  ["{{ s | stringformat('s') }} {{ x | stringformat('5s') }}", "<i>it's</i>   &lt;b&gt;"],
  [
    "{{ s | make_list }}",
    "[&#x27;&lt;&#x27;, &#x27;i&#x27;, &#x27;&gt;&#x27;, &#x27;i&#x27;, &#x27;t&#x27;, &quot;&#x27;&quot;, &#x27;s&#x27;, &#x27;&lt;&#x27;, &#x27;/&#x27;, &#x27;i&#x27;, &#x27;&gt;&#x27;]",
  ],
  ["{{ s | linebreaks }} {{ x | linebreaks }}", "<p><i>it's</i></p> <p>&lt;b&gt;</p>"],
  ["{{ n | floatformat(2) }} {{ n | floatformat('g') }}", "1234.50 1,234.5"],
  ["{{ 3 | pluralize('y,ies') }} {{ true | yesno('<y>,n') }}", "ies &lt;y&gt;"],
  ["{{ l | length }} {{ l | slice('1:') | length }}", "3 2"],
  ["{{ x | striptags }}{{ missing | upper }}{{ missing | default('-') }}", "-"],
  [
    "{{ x | json_script('i') }}",
    '<script id="i" type="application/json">"\\u003Cb\\u003E"</script>',
  ],
  ["{{ d | date('jS F Y, H:i') }} {{ d | time }}", "2nd January 2026, 15:04 3:04 p.m."],
  ["{% filter upper %}<u>{{ x }}</u>{% endfilter %}", "<U>&LT;B&GT;</U>"],
  [
    "{% filter force_escape %}<u>{{ x }}</u>{% endfilter %}",
    "&lt;u&gt;&amp;lt;b&amp;gt;&lt;/u&gt;",
  ],
];

describe("template/defaultfilters: in templates", () => {
  for (const [source, expected] of PRINTED) {
    it(`${source} is ${expected.slice(0, 60)}`, () => {
      const shown = override("UTC", () => engine().from_string(source).render(VALUES));
      expect(shown).to.equal(expected);
    });
  }

  it("escape nothing where the template does not", () => {
    const plain = engine({ autoescape: false });
    const source = "{{ l | join(x) }} {{ x | linebreaksbr }} {{ x | escape }}";
    expect(plain.from_string(source).render({ ...VALUES, l: ["a", "b"] })).to.equal(
      "a<b>b <b> &lt;b&gt;",
    );
  });

  it("take a function for what it gives", () => {
    expect(engine().from_string("{{ f | upper }}").render(VALUES)).to.equal("CALLED");
  });

  it("take a missing name for None where the filter is about that", () => {
    const source =
      "{{ missing | default_if_none('-') }} {{ missing | yesno }} {{ missing | length }}";
    expect(engine().from_string(source).render()).to.equal("- maybe 0");
  });

  const refused: [source: string, message: RegExp][] = [
    ["{{ x | center }}", /center takes one argument.* has 0/],
    ["{{ x | upper(1) }}", /upper takes no argument.* has 1/],
    ["{{ x | date('Y', 1) }}", /date takes at most one argument.* has 2/],
    ["{{ x | slice(1, 2) }}", /slice takes one argument/],
    ["{{ x | urlize(5) }}", /urlize takes no argument/],
    ["{{ x | truncatechars(length=5) }}", /no named arguments/],
  ];
  for (const [source, message] of refused) {
    it(`refuse ${source} when the template is loaded`, () => {
      expect(() => engine().from_string(source)).to.throw(TemplateSyntaxError, message);
    });
  }

  it("are nunjucks' own by a number of arguments that Django's have not", () => {
    const context = { l: [{ a: "<1>" }, { a: null }], o: { b: 1, a: 2 }, x: "" };
    const source =
      "{{ l | join('/', 'a') }} {{ x | default('-', true) }} {% for k, v in o | dictsort %}{{ k }}{% endfor %}";
    expect(engine().from_string(source).render(context)).to.equal("&lt;1&gt;/ - ab");
  });

  it("have nunjucks' short names", () => {
    expect(engine().from_string("{{ x | e }}{{ y | d('<i>') }}").render(VALUES)).to.equal(
      "&lt;b&gt;<i>",
    );
  });

  it("leave a filter of the site in its place", () => {
    const environment = (options: nunjucks.ConfigureOptions): nunjucks.Environment => {
      const env = new nunjucks.Environment([], options);
      return env
        .addFilter("upper", () => "mine")
        .addFilter("date", (_value, a) => `mine ${String(a)}`);
    };
    const made = engine({ environment });
    expect(made.from_string("{{ x | upper }} {{ x | date('a', 2) }}").render(VALUES)).to.equal(
      "mine mine a",
    );
  });

  it("cannot wait", () => {
    expect(() =>
      engine()
        .from_string("{{ p | upper }}")
        .render({ p: Promise.resolve("x") }),
    ).to.throw(TemplateSyntaxError, /await it in the view/);
  });
});

describe("template/defaultfilters: as functions", () => {
  it("take any value and say what they give", () => {
    expectTypeOf(filters.lower).parameters.toEqualTypeOf<[value: unknown]>();
    expectTypeOf(filters.lower).returns.toEqualTypeOf<string | SafeString>();
    expectTypeOf(filters.upper).returns.toEqualTypeOf<string>();
    expectTypeOf(filters.escape).returns.toEqualTypeOf<SafeString>();
    expectTypeOf(filters.date).returns.toEqualTypeOf<string>();
    expectTypeOf(filters.wordcount).returns.toEqualTypeOf<number>();
    expectTypeOf(filters.divisibleby).returns.toEqualTypeOf<boolean>();
    expectTypeOf(filters.floatformat).returns.toEqualTypeOf<string | SafeString>();
  });

  it("are all in the library, by name", () => {
    expect(Object.keys(filters.register.filters)).to.have.length(66);
    expect(filters.register.filters["default"]).to.equal(filters.default);
  });
});
