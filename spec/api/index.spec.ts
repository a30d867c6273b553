/** Specification of nuages/api: the names that it exports. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import * as api from "nuages/api";
import * as zod from "nuages/api/zod";

const NAMES: Readonly<Record<string, string>> = {
  declaring: "API Router Controller endpoint",
  responses: "Reply PlainText HTML Redirect Stream EventStream ServerSentEvent NodeApp send_file",
  kinds: "file sse jsonl",
  headers: "CacheControlHeader ETag",
  tasks: "BackgroundTask BackgroundTasks",
  pages:
    "ClassicPaginator OffsetPaginator CursorPaginator classic_params offset_params cursor_params " +
    "classic_page offset_page cursor_page paginate",
  formats:
    "Renderer JSONRenderer MessagePackRenderer TextRenderer TemplateRenderer " +
    "Parser JSONParser MessagePackParser TextParser",
  errors:
    "HTTPException BadRequest Unauthorized Forbidden NotFound MethodNotAllowed NotAcceptable Conflict Gone " +
    "UnsupportedMediaType UnprocessableEntity TooManyRequests InternalServerError NotImplemented BadGateway " +
    "ServiceUnavailable GatewayTimeout RequestValidationError ResponseValidationError " +
    "handler400 handler403 handler404 handler500",
  words: "ContentType HTTPStatus",
  decorators: "no_compress",
};

describe("api: names", () => {
  for (const [group, names] of Object.entries(NAMES)) {
    it(`exports what is for ${group}: ${names}`, () => {
      expect(api).to.include.all.keys(names.split(" "));
    });
  }

  it("exports nothing else: what is in its files besides is its own affair", () => {
    const names = Object.values(NAMES).join(" ").split(" ");
    expect(Object.keys(api)).to.have.members(names);
  });

  it("has what needs zod in a module of its own", () => {
    expect(zod).to.have.all.keys("encoded", "uploaded_file");
  });
});
