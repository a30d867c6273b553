/** The media type of a file, guessed from its name as Python's `mimetypes` does. @module */
import { lookup } from "mime-types";
import { urlsplit } from "./_urlsplit.ts";

/** What a name says: its type, and the compression around it. */
export interface GuessedType {
  readonly type: string | undefined;
  readonly encoding: string | undefined;
}

// Python's names of compressions; the case of these suffixes counts.
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  [".gz", "gzip"],
  [".Z", "compress"],
  [".bz2", "bzip2"],
  [".xz", "xz"],
  [".br", "br"],
]);

const LONG_FORMS: ReadonlyMap<string, string> = new Map([
  [".svgz", ".svg.gz"],
  [".tgz", ".tar.gz"],
  [".taz", ".tar.gz"],
  [".tz", ".tar.gz"],
  [".tbz2", ".tar.bz2"],
  [".txz", ".tar.xz"],
]);

const COMPRESSED: ReadonlySet<string> = new Set(["gz", "z", "bz2", "xz", "br"]);

// Where Python's own table and the package's differ, Python's counts.
const TYPES: ReadonlyMap<string, string> = new Map(
  [
    "application/msword wiz",
    "application/octet-stream a dll exe o obj",
    "application/vnd.apple.mpegurl m3u",
    "application/vnd.ms-excel xlb",
    "application/vnd.ms-powerpoint ppa pwz",
    "application/x-hdf5 h5",
    "application/x-mif mif",
    "application/x-pn-realaudio ram",
    "application/x-python-code pyc pyo",
    "application/x-troff roff t tr",
    "application/x-troff-man man",
    "application/x-troff-me me",
    "application/x-troff-ms ms",
    "application/xml rdf wsdl xpdl",
    "audio/3gpp 3gp 3gpp",
    "audio/3gpp2 3g2 3gpp2",
    "audio/aac loas ass",
    "audio/opus opus",
    "audio/x-wav wav",
    "message/rfc822 nws",
    "text/plain bat c h ksh pl srt",
    "text/rtf rtf",
    "text/x-python py",
    "text/x-rst rst",
    "text/x-sgml sgm sgml",
    "text/xml xml",
    "video/mpeg mpa",
  ].flatMap((line) => {
    const [type = "", ...extensions] = line.split(" ");
    return extensions.map((extension): [string, string] => [extension, type]);
  }),
);

/** Python's `os.path.splitext`: the dots a name begins with do not count. */
export function splitext(path: string): [root: string, extension: string] {
  const name = path.lastIndexOf("/") + 1;
  const dot = path.lastIndexOf(".");
  if (dot < name || /^\.*$/.test(path.slice(name, dot))) return [path, ""];
  return [path.slice(0, dot), path.slice(dot)];
}

/** Python's `mimetypes.guess_type`, with the package's table where Python has no entry. */
export function guess_type(name: string): GuessedType {
  let [root, extension] = splitext(path_of(name));
  const long_form = LONG_FORMS.get(extension.toLowerCase());
  if (long_form !== undefined) [root, extension] = splitext(root + long_form);
  const encoding = ENCODINGS.get(extension);
  if (encoding !== undefined) [root, extension] = splitext(root);
  return { type: type_of(extension), encoding };
}

function type_of(extension: string): string | undefined {
  if (extension.length < 2) return undefined;
  const lower = extension.slice(1).toLowerCase();
  if (COMPRESSED.has(lower)) return undefined; // a compression is no type to Python, in whatever case
  return TYPES.get(lower) ?? (lookup(`.${lower}`) || undefined);
}

/** Of what looks like a URL only the path counts. */
function path_of(name: string): string {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(name)) return name;
  try {
    return urlsplit(name).path;
  } catch {
    return name; // not a URL after all
  }
}
