/** The page about an API, rendered on the server: no script, no foreign host, one stylesheet (docs/api.md, "OpenAPI"). @module */
import { readFile } from "node:fs/promises";
import type { OpenAPIDocument } from "./_objects.ts";
import { page_text } from "./_page.ts";

/** What the page leads to, relative to its own URL. */
export interface PageLinks {
  readonly document: string;
  readonly stylesheet: string;
}

// Stands in the finished page where the origin of the request is to be: the page is rendered once for all hosts.
const ORIGIN = "https://origin.invalid";

/** A rendered page, in which only the origin is open. */
export class DocsPage {
  readonly #pieces: readonly string[];

  constructor(html: string) {
    this.#pieces = html.split(ORIGIN);
  }

  /** @param origin `https://example.com`: what commands ask. It stands in HTML as it is. */
  html(origin: string): string {
    return this.#pieces.join(origin);
  }
}

/** The page of a document. The template engine is loaded with the first. */
export async function render_docs(document: OpenAPIDocument, links: PageLinks): Promise<DocsPage> {
  const { render_page } = await import("../../views/_pages.ts");
  const page = page_text(document, ORIGIN);
  return new DocsPage(render_page("api/docs.html", { page, links }));
}

/** The stylesheet of the page. */
export async function docs_stylesheet(): Promise<Uint8Array> {
  return readFile(new URL("../../../templates/api/docs.css", import.meta.url));
}
