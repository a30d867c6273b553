import { expect } from "chai";
import { describe, it } from "mocha";
import { BackgroundTask, BackgroundTasks } from "nuages/api/background";
import { Reply } from "nuages/api/responses";
import { path } from "nuages/urls";
import { logged } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const later = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

/** What ran, in the order in which it began and ended. */
class Diary {
  readonly lines: string[] = [];

  readonly work = async (name: string): Promise<void> => {
    this.lines.push(`${name} begins`);
    await later();
    this.lines.push(`${name} ends`);
  };

  readonly fail = (name: string): never => {
    this.lines.push(`${name} fails`);
    throw new Error(`no ${name}`);
  };
}

describe("api/background: BackgroundTask", () => {
  it("BG1: calls a function with its arguments, and waits for it", async () => {
    const diary = new Diary();
    await new BackgroundTask(diary.work, "a").call();
    expect(diary.lines).to.deep.equal(["a begins", "a ends"]);
    const sums: number[] = [];
    await new BackgroundTask((a: number, b: number) => void sums.push(a + b), 1, 2).call();
    expect(sums).to.deep.equal([3]);
  });

  it("BG1: its arguments are checked by the compiler", () => {
    const greet = (name: string, times?: number): string => name.repeat(times ?? 1);
    const tasks: BackgroundTask[] = [
      new BackgroundTask(greet, "a"),
      new BackgroundTask(greet, "a", 2),
      // @ts-expect-error -- the name is a text
      new BackgroundTask(greet, 1),
      // @ts-expect-error -- there must be a name
      new BackgroundTask(greet),
      // @ts-expect-error -- there is no third argument
      new BackgroundTask(greet, "a", 1, 2),
    ];
    expect(tasks).to.have.lengthOf(5);
  });

  it("BG4: its failure is logged, and goes no further", async () => {
    const diary = new Diary();
    const records = await logged(async () => {
      await new BackgroundTask(diary.fail, "a").call();
      await new BackgroundTask(async () => {
        await later();
        throw new Error("async");
      }).call();
    });
    expect(records.map(({ logger, level }) => [logger, level])).to.deep.equal([
      ["nuages.background", "error"],
      ["nuages.background", "error"],
    ]);
    expect(records.map(({ message }) => message)).to.deep.equal([
      "The background task fail failed: no a",
      "A background task failed: async",
    ]);
    expect(records[0]?.error).to.be.instanceOf(Error);
  });
});

describe("api/background: BackgroundTasks", () => {
  it("BG4: run one after the other", async () => {
    const diary = new Diary();
    const tasks = ["a", "b"].map((name) => new BackgroundTask(diary.work, name));
    await new BackgroundTasks(tasks).call();
    expect(diary.lines).to.deep.equal(["a begins", "a ends", "b begins", "b ends"]);
  });

  it("BG4: the next one runs after a failure, which is logged", async () => {
    const diary = new Diary();
    class Stubborn extends BackgroundTask {
      override async call(): Promise<void> {
        diary.fail("c");
      }
    }
    const tasks = [
      new BackgroundTask(diary.fail, "a"),
      new BackgroundTask(diary.work, "b"),
      new Stubborn(() => undefined),
      new BackgroundTasks([new BackgroundTask(diary.work, "d")]),
    ];
    const records = await logged(() => new BackgroundTasks(tasks).call());
    expect(diary.lines.join()).to.equal("a fails,b begins,b ends,c fails,d begins,d ends");
    expect(records.map(({ message }) => message)).to.deep.equal([
      "The background task fail failed: no a",
      "The background task Stubborn failed: no c",
    ]);
  });

  it("BG5: run together with run_in_task_group", async () => {
    const diary = new Diary();
    const tasks = [
      new BackgroundTask(diary.work, "a"),
      new BackgroundTask(diary.fail, "b"),
      new BackgroundTask(diary.work, "c"),
    ];
    const records = await logged(() =>
      new BackgroundTasks(tasks, { run_in_task_group: true }).call(),
    );
    expect(diary.lines.join()).to.equal("a begins,b fails,c begins,a ends,c ends");
    expect(records).to.have.lengthOf(1);
  });

  it("BG2: run as the background of a response, after it", async () => {
    const diary = new Diary();
    const view = (): Reply => {
      diary.lines.push("view");
      const tasks = ["a", "b"].map((name) => new BackgroundTask(diary.work, name));
      return new Reply({ ok: true }, { background: new BackgroundTasks(tasks) });
    };
    await with_site([path("", view)], {}, async (client) => {
      expect((await client.get("/")).status_code).to.equal(200);
    });
    expect(diary.lines.join()).to.equal("view,a begins,a ends,b begins,b ends");
  });
});
