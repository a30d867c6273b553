/** Compressing the responses of one view (Django docs: View decorators, "GZip compression"). @module */
import { GZipMiddleware } from "../../middleware/gzip.ts";
import { decorator_from_middleware } from "../../utils/decorators.ts";
import type { ViewDecorator } from "../../utils/_wrap_view.ts";

/** Does for one view what `GZipMiddleware` does for all. */
export const gzip_page: ViewDecorator = decorator_from_middleware(GZipMiddleware);
