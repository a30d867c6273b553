/** The framework's own pages, in `templates/` of the package. @module */
import { fileURLToPath } from "node:url";
import { Nunjucks } from "../template/backends/nunjucks.ts";
import type { GivenContext } from "../template/backends/base.ts";

// The same for `src/views` and `dist/views`.
const DIRECTORY = fileURLToPath(new URL("../../templates", import.meta.url));

const made = new Map<boolean, Nunjucks>();

/**
 * The engine of these pages: not one of `TEMPLATES`, so that there is a page about an error in those too.
 * @param autoescape False for plain text.
 */
export function DEBUG_ENGINE(autoescape = true): Nunjucks {
  let engine = made.get(autoescape);
  if (engine === undefined) {
    const OPTIONS = { autoescape, throwOnUndefined: false, trimBlocks: true, lstripBlocks: true };
    engine = new Nunjucks({ NAME: "debug", DIRS: [DIRECTORY], APP_DIRS: false, OPTIONS });
    made.set(autoescape, engine);
  }
  return engine;
}

/** The path of one of the framework's templates. */
export function builtin_template_path(name: string): string {
  return fileURLToPath(new URL(`../../templates/${name}`, import.meta.url));
}

/** The text of one of these pages. */
export function render_page(name: string, context: GivenContext, autoescape = true): string {
  return DEBUG_ENGINE(autoescape).get_template(name).render(context);
}
