/** `MessageMiddleware`: messages travel with the request and the response. @module */
import { settings } from "../../conf/index.ts";
import { ValueError } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import { MiddlewareMixin } from "../../utils/deprecation.ts";
import { default_storage } from "./storage.ts";

/** Gives the request a storage of messages, and stores what was added or not shown. */
export class MessageMiddleware extends MiddlewareMixin {
  override process_request(request: HttpRequest): undefined {
    request._messages = default_storage(request);
  }

  /** @throws ValueError with `DEBUG` if there was no room for a message. */
  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    const unstored = request._messages?.update(response);
    if (unstored !== undefined && unstored.length > 0 && settings.DEBUG)
      throw new ValueError(
        `${unstored.length} messages found no room in ${request._messages?.constructor.name}.`,
      );
    return response;
  }
}
