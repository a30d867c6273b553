import { AssertionError } from "node:assert";
import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import * as messages from "nuages/contrib/messages";
import { messages as context_processor } from "nuages/contrib/messages/context_processors";
import { default_storage } from "nuages/contrib/messages/storage";
import { BaseStorage, LEVEL_TAGS, Message } from "nuages/contrib/messages/storage/base";
import {
  bisect_keep_left,
  bisect_keep_right,
  CookieStorage,
  MessageDecoder,
  MessageEncoder,
  MessagePartGatherSerializer,
  MessageSerializer,
} from "nuages/contrib/messages/storage/cookie";
import { FallbackStorage } from "nuages/contrib/messages/storage/fallback";
import { SessionStorage } from "nuages/contrib/messages/storage/session";
import { SessionStore } from "nuages/contrib/sessions/backends/signed_cookies";
import { ImproperlyConfigured, NotImplementedError, ValueError } from "nuages/core/exceptions";
import { MessagesTestMixin } from "nuages/contrib/messages/test";
import { JSONDecodeError } from "../../../src/utils/_json_scanner.ts";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { mark_safe } from "nuages/utils/safestring";
import { with_settings } from "../../support/settings.ts";

function request_with_session(cookie?: string): HttpRequest {
  const request = new RequestFactory().get("/");
  if (cookie !== undefined) request.COOKIES["messages"] = cookie;
  request.session = new SessionStore();
  return request;
}

describe("contrib/messages: the functions", () => {
  it("say what is missing without the middleware", () => {
    const request = new RequestFactory().get("/");
    expect(() => messages.info(request, "x")).to.throw(
      messages.MessageFailure,
      "MessageMiddleware",
    );
    messages.info(request, "x", { fail_silently: true });
    expect([...messages.get_messages(request)]).to.deep.equal([]);
  });

  it("take only requests", () => {
    expect(() => messages.info(null as never, "x")).to.throw(TypeError);
  });

  it("know the level of the settings without the middleware, too", () => {
    const request = request_with_session();
    expect([messages.get_level(request), messages.set_level(request, 40)]).to.deep.equal([
      20,
      false,
    ]);
  });

  it("give templates what was added", () => {
    const request = request_with_session();
    request._messages = default_storage(request);
    messages.warning(request, "careful", { extra_tags: "big" });
    const context = context_processor(request);
    expect([...context.messages].map(({ tags }) => tags)).to.deep.equal(["big warning"]);
    expect(context.DEFAULT_MESSAGE_LEVELS).to.have.property("ERROR", 40);
  });
});

describe("contrib/messages: Message", () => {
  it("is equal to one of the same level and text, whatever its tags", () => {
    expect(new Message(20, "a", { extra_tags: "x" })).to.deep.equal(new Message(20, "a"));
    expect(new Message(20, "a")).to.not.deep.equal(new Message(25, "a"));
  });

  it("prints as in Python", () => {
    expect(inspect(new Message(20, "it's"))).to.equal('Message(level=20, message="it\'s")');
    expect(inspect(new Message(20, "a", { extra_tags: "x" }))).to.equal(
      "Message(level=20, message='a', extra_tags='x')",
    );
  });

  it("takes the number in a text for its level, and no other text", () => {
    expect(new Message("25" as never, "a").level).to.equal(25);
    expect(() => new Message("high" as never, "a")).to.throw(ValueError);
    expect(() => new Message(NaN, "a")).to.throw(ValueError);
  });

  it("has the tags of MESSAGE_TAGS while they are set", () => {
    with_settings({ MESSAGE_TAGS: { 20: "blue" } }, () => {
      expect([LEVEL_TAGS[20], LEVEL_TAGS[40]]).to.deep.equal(["blue", "error"]);
    });
    expect(LEVEL_TAGS[20]).to.equal("info");
  });
});

describe("contrib/messages: storages", () => {
  it("say what a storage must have", () => {
    const storage = new BaseStorage(request_with_session());
    expect(() => storage.size).to.throw(NotImplementedError);
    storage.add(20, "x");
    expect(() => storage.update(new HttpResponse())).to.throw(NotImplementedError);
  });

  it("know what they hold, without showing it", () => {
    const storage = new CookieStorage(request_with_session());
    storage.add(20, "x");
    expect([storage.has(new Message(20, "x")), storage.has(new Message(20, "y"))]).to.deep.equal([
      true,
      false,
    ]);
    expect(storage.used).to.equal(false);
  });

  it("ignore what is empty or below the level", () => {
    const storage = new CookieStorage(request_with_session());
    for (const [level, text] of [
      [20, ""],
      [20, null],
      [10, "x"],
    ] as const)
      storage.add(level, text);
    expect([storage.size, storage.added_new]).to.deep.equal([0, false]);
  });

  it("need a session where messages are kept in one", () => {
    const request = new RequestFactory().get("/");
    for (const Storage of [SessionStorage, FallbackStorage])
      expect(() => new Storage(request)).to.throw(ImproperlyConfigured, "SessionMiddleware");
  });

  it("fail for text in the session that is not JSON", () => {
    const request = request_with_session();
    request.session.set("_messages", "{nope");
    expect(() => new SessionStorage(request).size).to.throw(JSONDecodeError);
  });

  it("are refused as MESSAGE_STORAGE if they are none", () => {
    const settings: Partial<Settings> = { MESSAGE_STORAGE: "cookie" as never };
    with_settings(settings, () =>
      expect(() => default_storage(request_with_session())).to.throw(ImproperlyConfigured),
    );
  });

  it("keep any number of messages in a cookie of no limit", () => {
    class Roomy extends CookieStorage {
      static {
        this.prototype.max_cookie_size = 0;
      }
    }
    const storage = new Roomy(request_with_session());
    for (let count = 0; count < 100; count++) storage.add(20, `${count} ${Math.random()}`);
    const response = new HttpResponse();
    expect(storage.update(response)).to.deep.equal([]);
    const cookie = String(response.cookies.getitem("messages").value);
    expect(new Roomy(request_with_session(cookie)).size).to.equal(100);
  });
});

describe("contrib/messages: messages as JSON", () => {
  it("mark safe text, at any depth", () => {
    const text = new MessageEncoder().encode({ list: [new Message(20, mark_safe("<b>"))] });
    expect(text).to.equal('{"list": [["__json_message", 1, 20, "<b>"]]}');
    const decoded = new MessageDecoder().decode(text) as { list: [Message] };
    expect(decoded.list[0].message).to.have.property("__html__");
  });

  it("refuse other objects, as JSON does", () => {
    expect(() => new MessageEncoder().encode(new Date(0))).to.throw(TypeError);
  });

  it("are written by one class and read by another", () => {
    expect(() => new MessagePartGatherSerializer().loads(Buffer.from("[]"))).to.throw(ValueError);
    expect(() => new MessageSerializer().dumps([])).to.throw(ValueError);
  });

  it("are cut where a sum grows too large", () => {
    const over = (limit: number) => (items: number[]) =>
      items.reduce((sum, item) => sum + item, 0) > limit;
    expect(bisect_keep_left([1, 2, 3, 4], over(5))).to.equal(2);
    expect(bisect_keep_right([1, 2, 3, 4], over(5))).to.equal(3);
    expect(bisect_keep_left([], over(5))).to.equal(0);
  });
});

describe("contrib/messages/test: assertMessages", () => {
  it("compares levels and texts, in their order unless told otherwise", () => {
    const wsgi_request = request_with_session();
    wsgi_request._messages = default_storage(wsgi_request);
    messages.info(wsgi_request, "one", { extra_tags: "x" });
    messages.error(wsgi_request, "two");
    const { assertMessages } = new MessagesTestMixin();
    const [one, two] = [new Message(20, "one"), new Message(40, "two")];
    assertMessages({ wsgi_request }, [one, two]);
    assertMessages({ wsgi_request }, [two, one], { ordered: false });
    expect(() => assertMessages({ wsgi_request }, [two, one])).to.throw(AssertionError);
    expect(() => assertMessages({ wsgi_request }, [one], { ordered: false })).to.throw(
      AssertionError,
    );
  });
});
