import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import { Client } from "nuages/test";
import { QuestionRepository, questions, total_votes } from "../../demo/polls/models.ts";
import { Browser, demo_site } from "./_site.ts";

const QUESTION = questions.get({ pk: 1 });

describe("demo: polls", () => {
  demo_site();
  beforeEach(() => {
    for (const { choices } of questions.all()) for (const choice of choices) choice.votes = 0;
  });

  it("lists the questions, with links to them", async () => {
    const page = await new Browser().page("/polls/");
    for (const { id, text } of questions.all())
      expect(page).to.include(`<a href="/polls/${id}/">${text}</a>`);
  });

  it("gives the same list as JSON to a client that prefers it", async () => {
    const response = await new Client().get(
      "/polls/",
      {},
      {
        headers: { Accept: "application/json, text/html;q=0.5" },
      },
    );
    expect(response.json()).to.deep.equal({
      questions: questions.all().map(({ id, text }) => ({
        id,
        text,
        votes: 0,
        url: `http://testserver/polls/${id}/`,
      })),
    });
  });

  const accepted: [accept: string, type: string, status: number][] = [
    ["text/html", "text/html; charset=utf-8", 200],
    ["*/*", "text/html; charset=utf-8", 200],
    ["application/json", "application/json", 200],
    ["image/png", "text/plain; charset=utf-8", 406],
  ];
  for (const [Accept, type, status] of accepted) {
    it(`answers ${Accept} with ${status} and ${type}, and says that it depends on Accept`, async () => {
      const response = await new Client().get("/polls/", {}, { headers: { Accept } });
      expect(response.status_code).to.equal(status);
      expect(response.get("Content-Type")).to.equal(type);
      expect(response.get("Vary")).to.match(/\bAccept\b/);
    });
  }

  it("counts a vote and shows the results", async () => {
    const response = await new Browser().submit("/polls/1/", { choice: "2" }, "/polls/1/vote/");
    expect(response.redirect_chain).to.deep.equal([["/polls/1/results/", 302]]);
    expect(response.text).to.include("1 vote so far");
    expect(QUESTION.choices.map(({ votes }) => votes)).to.deep.equal([0, 1, 0, 0]);
  });

  it("thanks for the vote, once", async () => {
    const browser = new Browser();
    const response = await browser.submit("/polls/1/", { choice: "1" }, "/polls/1/vote/");
    expect(response.text).to.include('role="status">Thank you! Your answer is: Sheep.</p>');
    expect(await browser.page("/polls/1/results/")).not.to.include('role="status"');
  });

  it("counts one vote for each question and visitor", async () => {
    const browser = new Browser();
    await browser.submit("/polls/1/", { choice: "1" }, "/polls/1/vote/");
    const again = await browser.submit("/polls/1/", { choice: "2" }, "/polls/1/vote/");
    expect(again.text).to.include('class="message warning"').and.include("1 vote so far");
    await browser.submit("/polls/2/", { choice: "1" }, "/polls/2/vote/");
    await new Browser().submit("/polls/1/", { choice: "1" }, "/polls/1/vote/");
    expect(questions.all().map(total_votes)).to.deep.equal([2, 1, 0]);
  });

  for (const fields of [{}, { choice: "" }, { choice: "99" }, { choice: "1.0" }]) {
    it(`asks again for a choice after ${JSON.stringify(fields)}`, async () => {
      const response = await new Browser().submit("/polls/1/", fields, "/polls/1/vote/");
      expect(response.status_code).to.equal(400);
      expect(response.text).to.match(/<p class="error" id="error" role="alert">Choose one/);
      expect(QUESTION.choices.every(({ votes }) => votes === 0)).to.equal(true);
    });
  }

  it("refuses a vote without the token of the form", async () => {
    const client = new Client({ enforce_csrf_checks: true });
    const response = await client.post("/polls/1/vote/", { choice: "1" });
    expect(response.status_code).to.equal(403);
    expect(response.text).to.include("This form was refused");
  });

  it("takes votes by POST alone", async () => {
    const response = await new Client().get("/polls/1/vote/");
    expect([response.status_code, response.get("Allow")]).to.deep.equal([405, "POST"]);
  });

  for (const path of ["/polls/99/", "/polls/99/results/", "/polls/x/"]) {
    it(`knows nothing of ${path}`, async () => {
      expect((await new Client().get(path)).status_code).to.equal(404);
    });
  }

  it("gives all votes as CSV", async () => {
    const response = await new Client().get("/polls/votes.csv");
    expect(response.get("Content-Disposition")).to.equal('attachment; filename="votes.csv"');
    const [head, first] = (await text_of(response)).split("\r\n");
    expect([head, first]).to.deep.equal([
      "question,answer,votes",
      "What do you see in the clouds?,Sheep,0",
    ]);
  });

  it("numbers new questions on", () => {
    const repository = new QuestionRepository();
    const [first, second] = [repository.add("a", ["x"]), repository.add("b", ["y", "z"])];
    expect([first.id, second.id, second.choices[1]?.id]).to.deep.equal([1, 2, 2]);
    expect(() => repository.get({ pk: 3 })).to.throw(repository.DoesNotExist);
  });
});

/** The whole of a response that is a stream. */
async function text_of(response: unknown): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk); // a StreamingHttpResponse
  return Buffer.concat(chunks).toString();
}
