/** Files: wrappers, uploads and temporary files (Django docs: File handling). @module */
export { ContentFile, File, type FileOptions } from "./base.ts";
export { DiskFile, open_file } from "./_disk.ts";
export { BytesIO, StringIO } from "./_memory.ts";
export {
  gettempdir,
  NamedTemporaryFile,
  type NamedTemporaryFileOptions,
  open_temporary_file,
} from "./temp.ts";
export { FileProxyMixin, validate_file_name, type ValidateFileNameOptions } from "./utils.ts";
