/** The pages and mails of users: the site's templates, and where it has none, the framework's. @module */
import type { Template } from "../../template/backends/base.ts";
import { TemplateDoesNotExist } from "../../template/exceptions.ts";
import { get_template } from "../../template/loader.ts";
import { type TemplateName, TemplateResponse } from "../../template/response.ts";
import { DEBUG_ENGINE } from "../../views/_pages.ts";

/** What is tried first, and otherwise the template of the framework. */
function or_own(
  name: string,
  find: () => Pick<Template, "render">,
  autoescape: boolean,
): Pick<Template, "render"> {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof TemplateDoesNotExist)) throw error;
    try {
      return DEBUG_ENGINE(autoescape).get_template(name);
    } catch {
      throw error; // the site's own places are those to look at
    }
  }
}

/** The template of a mail. The framework's are plain text, in which nothing is escaped. */
export function mail_template(name: string): Pick<Template, "render"> {
  return or_own(name, () => get_template(name), false);
}

/** Renders a page of the site, or the framework's of that name. */
export class PageResponse extends TemplateResponse {
  override resolve_template(template: TemplateName): Pick<Template, "render"> {
    const names = typeof template === "string" ? [template] : template;
    const name = Array.isArray(names) ? (names as readonly string[])[0] : undefined;
    const find = (): Pick<Template, "render"> => super.resolve_template(template);
    return name === undefined ? find() : or_own(name, find, true);
  }
}
