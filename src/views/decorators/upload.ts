/** Views that say how their uploads are taken. Django has the view set `request.upload_handlers`; here the body comes before the view. @module */
import type { UploadHandlerClass } from "../../conf/index.ts";
import type { AnyView } from "../../urls/_types.ts";

/** What the handler looks for on a view. @internal */
export interface UploadMarks {
  /** The classes of upload handlers to use. */
  _upload_handlers?: readonly UploadHandlerClass[];
  /** Whether the view loads the body itself. */
  _deferred_upload?: boolean;
}

/**
 * The form of this view goes through these upload handlers instead of `FILE_UPLOAD_HANDLERS`:
 * `upload_handlers([QuotaHandler, TemporaryFileUploadHandler])(view)`. Each request gets new ones.
 */
export function upload_handlers(
  handlers: readonly UploadHandlerClass[],
): <View extends AnyView>(view: View) => View & UploadMarks {
  return (view) => marked(view, { _upload_handlers: [...handlers] });
}

/**
 * The body of this view's requests is not read before the view. It says `await request.load()` when it wants the form,
 * after setting `request.upload_handlers` perhaps, or reads the body with `for await (const chunk of request)`.
 */
export function deferred_upload<View extends AnyView>(view: View): View & UploadMarks {
  return marked(view, { _deferred_upload: true });
}

/** A view that does the same, with marks of its own; the one given stays as it is. */
function marked<View extends AnyView>(view: View, marks: UploadMarks): View & UploadMarks {
  function with_marks(this: unknown, ...args: Parameters<View>): ReturnType<View> {
    return Reflect.apply(view, this, args) as ReturnType<View>; // the view itself runs
  }
  Object.defineProperty(with_marks, "name", { value: view.name, configurable: true });
  // attributes that other decorators and `as_view()` have set go with it; the function takes and gives what the view does
  return Object.assign(with_marks, view, marks) as unknown as View & UploadMarks;
}
