/** Where the demo is on the disk. @module */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const BASE_DIR: string = dirname(fileURLToPath(import.meta.url));
