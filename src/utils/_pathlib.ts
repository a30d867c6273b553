/** Names and suffixes of paths, as Python's `pathlib.PurePosixPath` sees them. @module */

/** `PurePath(path).parts` without the root: empty parts and `.` do not count. */
export function parts_of(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** `PurePath(path).suffix`: from the last dot on, unless the name begins or ends with it. */
export function suffix_of(path: string): string {
  const name = parts_of(path).at(-1) ?? "";
  const dot = name.lastIndexOf(".");
  return dot > 0 && dot < name.length - 1 ? name.slice(dot) : "";
}

/** `"".join(PurePath(name).suffixes)`: `.tar.gz`. Dots that begin a name begin no suffix. */
export function suffixes_of(name: string): string {
  if (name.endsWith(".")) return "";
  const dot = name.replace(/^\.+/, "").indexOf(".");
  if (dot < 0) return "";
  return name.slice(name.length - name.replace(/^\.+/, "").length + dot);
}

/** `os.path.split`: what is before the last slash, and what follows. */
export function split_path(path: string): [directory: string, name: string] {
  const start = path.lastIndexOf("/") + 1;
  const directory = path.slice(0, start);
  return [/^\/+$/.test(directory) ? directory : directory.replace(/\/+$/, ""), path.slice(start)];
}
