/** Content negotiation: which of the types that an endpoint offers a request is answered in. @module */
import { BadRequest } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { strip } from "../utils/_whitespace.ts";
import { NotAcceptable } from "./exceptions.ts";
import type { Renderer } from "./renderers.ts";

/** A type that an endpoint offers. */
export interface OfferedType {
  /** With its parameters, if it has some. */
  readonly content_type: string;
  /** What renders data in it; `undefined` for files, streams, and types of which only text and bytes can be sent. */
  readonly renderer: Renderer | undefined;
}

/** The types of these renderers. @internal */
export function types_of(renderers: readonly Renderer[]): readonly OfferedType[] {
  return renderers.map((renderer) => ({ content_type: renderer.content_type, renderer }));
}

/** What was chosen of an offer. */
export interface Choice extends OfferedType {
  /** The content type to send: that of the offer, or the alias that the client asked for. */
  readonly chosen: string;
}

/** The choice of an offer without types, which says nothing of the content type. */
const ANY: Choice = { content_type: "", renderer: undefined, chosen: "" };

// Clients have few ways to say what they accept; only short headers are remembered, and few per endpoint.
const MEMO_LIMIT = 16;
const LONGEST_REMEMBERED = 200;

/** The types an endpoint offers, in order of preference. Made once per endpoint. */
export class Offer {
  /** Whether the type of a response depends on Accept: then every response, errors too, varies by it. */
  readonly varies: boolean;
  readonly #types: readonly OfferedType[];
  readonly #is_declared: boolean;
  readonly #choices = new Map<string, Choice>();
  readonly #first: Choice;
  readonly #is_open: boolean;
  // The choice by Accept header; `null`: there is none.
  readonly #remembered = new Map<string, Choice | null>();

  /**
   * @param types None: anything is accepted, and `choose` gives a choice of the type `""`.
   * @param is_declared Whether the endpoint itself says what it sends, so that a request that accepts none of it is
   * refused. Otherwise that request is answered in the first type.
   */
  constructor(types: readonly OfferedType[], is_declared: boolean) {
    this.#types = types;
    this.#is_declared = is_declared;
    for (const { content_type, renderer } of types) {
      for (const chosen of [content_type, ...(renderer?.aliases ?? [])]) {
        if (!this.#choices.has(chosen))
          this.#choices.set(chosen, { content_type, renderer, chosen });
      }
    }
    const [first = ANY] = this.#choices.values();
    this.#first = first;
    this.varies = this.#choices.size > 1;
    this.#is_open = !this.varies && (!is_declared || types.length === 0);
  }

  /**
   * The type for a request: the first without an Accept header, else the one that `request.get_preferred_type` names.
   * @throws NotAcceptable if the client accepts none, and the offer is declared; BadRequest for a header that cannot be
   * read, in the same case.
   */
  choose(request: HttpRequest): Choice {
    if (this.#is_open) return this.#first;
    const accept = request._meta_value("HTTP_ACCEPT");
    if (accept === undefined || accept === "*/*") return this.#first;
    const known = this.#remembered.get(accept);
    const choice = known === undefined ? this.#find(request, accept) : known;
    if (choice !== null) return choice;
    if (this.#is_declared) throw this.#not_acceptable();
    return this.#first;
  }

  #find(request: HttpRequest, accept: string): Choice | null {
    const choice = strip(accept) === "" ? this.#first : this.#preferred(request);
    if (accept.length <= LONGEST_REMEMBERED && this.#remembered.size < MEMO_LIMIT)
      this.#remembered.set(accept, choice);
    return choice;
  }

  #preferred(request: HttpRequest): Choice | null {
    try {
      const chosen = request.get_preferred_type(this.#choices.keys());
      return (chosen === undefined ? undefined : this.#choices.get(chosen)) ?? null;
    } catch (error) {
      if (this.#is_declared || !(error instanceof BadRequest)) throw error;
      return null; // who does not refuse takes no notice of a header that cannot be read
    }
  }

  #not_acceptable(): NotAcceptable {
    const available = this.#types.map(({ content_type }) => content_type);
    return new NotAcceptable(`The Accept header allows none of ${available.join(", ")}.`, {
      headers: { Vary: "Accept" },
      extra: { available },
    });
  }
}
