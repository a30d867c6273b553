/** The base of class-based views (Django docs: Base views). @module */
import { type Logger, request_logger } from "../../utils/log.ts";

export { RedirectView } from "./_redirect_view.ts";
export {
  ContextMixin,
  type TemplateResponseClass,
  TemplateResponseMixin,
  TemplateView,
} from "./_template_view.ts";
export { View, type ViewClass, type ViewFunction } from "./_view.ts";

/** Where the views log. */
export const logger: Logger = request_logger;
