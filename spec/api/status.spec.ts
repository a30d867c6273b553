import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { ContentType } from "nuages/api/content_type";
import * as status from "nuages/api/status";
import { HTTPStatus } from "nuages/api/status";
import { HttpResponse } from "nuages/http";

const CODES = Object.entries(HTTPStatus).filter(([name]) => name !== "phrase");

describe("api/status: HTTPStatus", () => {
  it("has every registered status under its phrase", () => {
    const names = new Set(CODES.map(([name]) => name));
    const registered = Array.from({ length: 500 }, (_, i) => i + 100).filter(
      (code) => HTTPStatus.phrase(code) !== "Unknown Status Code",
    );
    expect(registered).to.have.lengthOf(62);
    for (const code of registered) {
      const name = HTTPStatus.phrase(code).replaceAll("'", "").replaceAll(/[ -]/g, "_");
      expect(HTTPStatus).to.have.property(name.toUpperCase()).that.equals(code);
      names.delete(name.toUpperCase());
    }
    expect([...names].toSorted()).to.deep.equal([
      "REQUESTED_RANGE_NOT_SATISFIABLE",
      "REQUEST_ENTITY_TOO_LARGE",
      "REQUEST_URI_TOO_LONG",
      "UNPROCESSABLE_ENTITY",
    ]);
  });

  it("gives numbers, which the compiler knows", () => {
    expectTypeOf(HTTPStatus.CREATED).toEqualTypeOf<201>();
    expect(HTTPStatus.CREATED).to.equal(201);
    expect(HTTPStatus.IM_A_TEAPOT).to.equal(418);
    expect(new HttpResponse("", { status: HTTPStatus.GONE }).status_code).to.equal(410);
  });

  it("phrase() gives the words of a number", () => {
    expect(HTTPStatus.phrase(201)).to.equal("Created");
    expect(HTTPStatus.phrase(418)).to.equal("I'm a Teapot");
    expect(HTTPStatus.phrase(299)).to.equal("Unknown Status Code");
  });

  it("has a constant for each name", () => {
    const constants = Object.entries(status).filter(([name]) => name !== "HTTPStatus");
    expect(new Map(constants)).to.deep.equal(
      new Map(CODES.map(([name, code]) => [`HTTP_${String(code)}_${name}`, code])),
    );
    expectTypeOf<typeof status.HTTP_200_OK>().toEqualTypeOf<200>();
  });
});

describe("api/content_type: ContentType", () => {
  it("names media types, which the compiler knows", () => {
    expect(Object.keys(ContentType).join(" ")).to.equal(
      "JSON MESSAGEPACK TEXT HTML CSS XML EVENT_STREAM JSON_LINES PROBLEM_JSON OCTET_STREAM",
    );
    expectTypeOf(ContentType.JSON).toEqualTypeOf<"application/json">();
    for (const type of Object.values(ContentType)) expect(type).to.match(/^[a-z]+\/[a-z+-]+$/);
  });
});
