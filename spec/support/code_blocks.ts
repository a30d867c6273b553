/** The code of a guide: its blocks as modules that can be compiled and run. @module */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A block of code. */
export interface CodeBlock {
  /** The line of the guide on which it begins. */
  readonly line: number;
  readonly code: string;
}

/** The blocks of TypeScript in a Markdown file, by its path from the root. */
export function code_blocks(path: string): CodeBlock[] {
  const text = readFileSync(join(ROOT, path), "utf8");
  return Array.from(text.matchAll(/^```ts\n([^]*?)^```$/gm), ({ index, 1: code = "" }) => ({
    line: text.slice(0, index).split("\n").length + 1,
    code,
  }));
}

/** Names that a guide leaves out, by the module that has them; types with `type ` before them. */
export type LeftOut = Readonly<Record<string, readonly string[]>>;

/** The block with imports of what it uses and neither imports nor declares. */
export function with_imports(code: string, left_out: LeftOut): string {
  const imports: string[] = [];
  for (const [module, names] of Object.entries(left_out)) {
    const missing = names.filter((each) => {
      const name = each.replace("type ", "");
      return uses(code, name) && !declares(code, name);
    });
    if (missing.length > 0) imports.push(`import { ${missing.join(", ")} } from "${module}";\n`);
  }
  return imports.join("") + code;
}

function uses(code: string, name: string): boolean {
  return new RegExp(`(?<!\\w|"|(?<!\\.\\.)\\.)${name}\\b(?!\\??:)`).test(code);
}

function declares(code: string, name: string): boolean {
  return new RegExp(`(?:const|class) ${name}\\b|(?:im|ex)port \\{[^}]*\\b${name}\\b`).test(code);
}

/** Makes a directory a project in which files import `nuages`, as it is here, and the packages that are installed. */
export function make_project(directory: string, files: Readonly<Record<string, string>>): void {
  const modules = join(directory, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  symlinkSync(ROOT, join(modules, "nuages"));
  for (const name of ["zod", "arktype", "@types/node"])
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
}

const OPTIONS = {
  target: "ES2023",
  lib: ["ES2023"],
  types: ["node"],
  module: "nodenext",
  customConditions: ["nuages-source"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

/** The compiler of the project, for `run` and its option `script`. */
export const COMPILER: string = join(ROOT, "node_modules/typescript/bin/tsc");
