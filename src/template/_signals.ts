/** The signal that tests listen to; `nuages/test/signals` gives it to them. @module */
import { Signal } from "../dispatch.ts";
import type { Template, TemplateContext } from "./backends/base.ts";

/** What `template_rendered` sends. */
export interface TemplateRendered {
  /** The template; a page of the framework's own has no name. */
  readonly template: Pick<Template, "name">;
  /** The values it is rendered with. */
  readonly context: TemplateContext;
}

/** A template is being rendered, one that another includes or extends too. The sender is the template. */
export const template_rendered: Signal<TemplateRendered> = new Signal();
