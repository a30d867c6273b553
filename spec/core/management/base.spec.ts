import { expect } from "chai";
import { describe, it } from "mocha";
import { Exception } from "nuages/core/exceptions";
import { call_command } from "nuages/core/management";
import {
  BaseCommand,
  CommandError,
  CommandParser,
  LabelCommand,
  OutputWrapper,
  type ParsedArguments,
  SystemCheckError,
} from "nuages/core/management/base";
import { get_random_secret_key } from "nuages/core/management/utils";
import { with_settings } from "../../support/settings.ts";

/** Something to write to, and what was written. */
class Memory {
  text = "";
  write(text: string): void {
    this.text += text;
  }
}

/** A command that keeps what it was called with. */
class Greet extends BaseCommand {
  calls: [args: readonly string[], options: ParsedArguments][] = [];

  constructor(out: Memory = new Memory(), error: Memory = new Memory()) {
    super({ stdout: out, stderr: error });
  }

  override add_arguments(parser: CommandParser): void {
    parser.add_argument("name");
    parser.add_argument("args", { nargs: "*", metavar: "more" });
    parser.add_argument("--loud", { action: "store_true" });
    parser.add_argument("--fail-level", { choices: ["A", "B"], default: "A" });
  }

  override handle(args: readonly string[], options: ParsedArguments): string {
    this.calls.push([args, options]);
    return `Hello, ${String(options["name"])}!`;
  }
}

function parser(): CommandParser {
  const made = new CommandParser({ prog: "nuages test" });
  made.add_argument("first");
  made.add_argument("second", { nargs: "?", default: "none" });
  made.add_argument("--tag", "-t", { action: "append", dest: "tags" });
  made.add_argument("--no-static", { action: "store_false", dest: "with_static" });
  made.add_argument("--level", { type: Number, choices: ["1", "2"] });
  made.add_argument("--all", { action: "store_true", help: "All of them." });
  return made;
}

describe("core/management/base: CommandParser", () => {
  const defaults = {
    first: "a",
    second: "none",
    tags: null,
    with_static: true,
    level: null,
    all: false,
  };
  const read: [args: string[], parsed: object][] = [
    [["a"], defaults],
    [["a", "b"], { ...defaults, second: "b" }],
    [["--tag", "x", "a", "-t", "y", "--tag=z"], { ...defaults, tags: ["x", "y", "z"] }],
    [["a", "--no-static", "--all"], { ...defaults, with_static: false, all: true }],
    [["a", "--level", "2"], { ...defaults, level: 2 }],
    [["--", "--all"], { ...defaults, first: "--all" }],
  ];
  for (const [args, parsed] of read) {
    it(`reads ${args.join(" ")}`, () => {
      expect(parser().parse_args(args)).to.deep.equal(parsed);
    });
  }

  const wrong: [args: string[], told: string][] = [
    [[], "first is missing"],
    [["a", "b", "c", "d"], "nobody asked for c d"],
    [["a", "--nope"], "--nope"],
    [["a", "--tag"], "--tag"],
    [["a", "--level", "3"], '--level is "3"; it may be 1, 2'],
    [["a", "--all=1"], "--all"],
  ];
  for (const [args, told] of wrong) {
    it(`refuses ${args.join(" ") || "nothing"}, with the usage`, () => {
      expect(() => parser().parse_args(args))
        .to.throw(CommandError, told)
        .that.includes({ returncode: 2 })
        .and.has.property("message")
        .that.contains("Usage: nuages test [options] first [second]");
    });
  }

  it("lists all arguments in its help", () => {
    const help = parser().format_help();
    for (const text of ["-t, --tag TAGS", "--level {1,2}", "--all", "All of them."])
      expect(help).to.contain(text);
  });
});

describe("core/management/base: BaseCommand", () => {
  it("prints what handle gives, and knows the options of all commands", async () => {
    const out = new Memory();
    const command = new Greet(out);
    expect(await call_command(command, "Ada", "x", ["y", 1], { loud: true })).to.equal(
      "Hello, Ada!",
    );
    expect(out.text).to.equal("Hello, Ada!\n");
    const [[args, options] = []] = command.calls;
    expect(args).to.deep.equal(["x", "y", "1"]);
    expect(options).to.include({ loud: true, fail_level: "A", verbosity: 1, traceback: false });
  });

  it("takes options by their name on the command line, too", async () => {
    const command = new Greet();
    await call_command(command, "Ada", "--fail-level", "B", "-v", "2");
    expect(command.calls[0]?.[1]).to.include({ fail_level: "B", verbosity: 2 });
  });

  it("refuses an option that the command does not have", async () => {
    const error: unknown = await call_command(new Greet(), "Ada", { quiet: true }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(TypeError);
    expect((error as Error).message)
      .to.contain("quiet")
      .and.to.contain("loud");
  });

  it("runs the system checks first if it is told to, and not with an error among them", async () => {
    const command = new Greet();
    await with_settings({ MEDIA_URL: "/media", ROOT_URLCONF: [] }, async () => {
      await call_command(command, "Ada");
      const error: unknown = await call_command(command, "Ada", { skip_checks: false }).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(SystemCheckError);
    });
    expect(command.calls).to.have.lengthOf(1);
  });

  it("writes warnings of the checks to standard error", async () => {
    const error = new Memory();
    await with_settings({ SITE_ID: null, ROOT_URLCONF: [], MAILERS: {} }, () =>
      call_command(new Greet(new Memory(), error), "Ada", { skip_checks: false }),
    );
    expect(error.text).to.contain("WARNINGS:\n?: (mail.W001)");
  });

  it("paints each finding by its level", () => {
    const command = new Greet();
    command.style = { ...command.style, ERROR: (text) => `<${text}>` };
    with_settings({ MEDIA_URL: "/media", ROOT_URLCONF: [] }, () => {
      expect(() => command.check()).to.throw(SystemCheckError, "<?: (urls.E006)");
    });
  });

  it("does something with each label", async () => {
    class Double extends LabelCommand {
      override handle_label(label: string): string {
        return label + label;
      }
    }
    expect(await call_command(new Double({ stdout: new Memory() }), "a", "b")).to.equal("aa\nbb");
  });
});

describe("core/management/base: CommandError", () => {
  it("has a status for the program, 1 if it was given none", () => {
    expect(new CommandError("text")).to.be.instanceOf(Exception).and.include({ returncode: 1 });
    expect(new CommandError("text", { returncode: 3 }).returncode).to.equal(3);
    expect(new CommandError("text").name).to.equal("CommandError");
  });
});

describe("core/management/base: OutputWrapper", () => {
  it("ends lines that have no end", () => {
    const out = new Memory();
    const wrapper = new OutputWrapper(out);
    wrapper.write("a");
    wrapper.write("b\n");
    wrapper.write("c", { ending: "" });
    wrapper.write("d", { style_func: (text) => text.toUpperCase() });
    expect(out.text).to.equal("a\nb\ncD\n");
    expect(wrapper.isatty()).to.equal(false);
  });
});

describe("core/management/utils: get_random_secret_key", () => {
  it("U5: gives 50 characters of those that Django uses, others each time", () => {
    const keys = Array.from({ length: 20 }, get_random_secret_key);
    for (const key of keys) expect(key).to.match(/^[a-z0-9!@#$%^&*(\-_=+)]{50}$/);
    expect(new Set(keys).size).to.equal(20);
  });
});
