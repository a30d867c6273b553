/** Sessions in files, one each, in `SESSION_FILE_PATH`. @module */
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settings } from "../../../conf/index.ts";
import { time } from "../../../utils/_clock.ts";
import { repr } from "../../../utils/_python.ts";
import { date_of } from "../_expiry.ts";
import type { SessionDict } from "../_session_data.ts";
import { InvalidSessionKey } from "../exceptions.ts";
import { claim, read, remove, replace } from "./_files.ts";
import { KeyedSession } from "./_keyed.ts";

const KEY = /^[a-z0-9]+$/;

/** A session in a file named after the cookie and the key. It is over when its file is older than the session's age. */
export class SessionStore extends KeyedSession {
  static {
    Object.defineProperty(this, "name", { value: "SessionStore" }); // bundlers rename classes; see `key_salt`
  }

  /** Files are read and written without blocking. */
  override get _waits(): boolean {
    return true;
  }

  /** The folder. Default: that of temporary files. */
  get storage_path(): string {
    return settings.SESSION_FILE_PATH ?? tmpdir();
  }

  /** What the names of files begin with. */
  get file_prefix(): string {
    return settings.SESSION_COOKIE_NAME;
  }

  /** @throws InvalidSessionKey for a key that could lead elsewhere. @internal */
  _key_to_file(key: string): string {
    if (!KEY.test(key))
      throw new InvalidSessionKey(`The session key ${repr(key)} has characters that no key has.`);
    return join(this.storage_path, this.file_prefix + key);
  }

  override async _has_stored(key: string): Promise<boolean> {
    const path = this._key_to_file(key);
    return (await this._ask("looked for", () => read(path))) !== undefined;
  }

  override async _find_stored(key: string): Promise<SessionDict | undefined> {
    const path = this._key_to_file(key);
    const file = await this._ask("read", () => read(path));
    if (file === undefined) return undefined;
    const dict = file.text === "" ? {} : this.decode(file.text);
    const ends = date_of(dict["_session_expiry"], file.modified, this.get_session_cookie_age());
    if (ends.getTime() > time() * 1000) return dict;
    await this._ask("deleted", () => remove(path));
    return undefined;
  }

  override async _write_stored(key: string, must_create: boolean): Promise<boolean> {
    const path = this._key_to_file(key);
    const text = this.encode(this._data_to_save());
    return this._ask("written", async () => {
      if (!(await claim(path, must_create))) return false;
      await replace(path, text);
      return true;
    });
  }

  override async _drop_stored(key: string): Promise<void> {
    const path = this._key_to_file(key);
    await this._ask("deleted", () => remove(path));
  }

  static override async aclear_expired(): Promise<void> {
    const { storage_path, file_prefix } = new this();
    for (const name of await readdir(storage_path)) {
      const key = name.slice(file_prefix.length);
      if (name.startsWith(file_prefix) && KEY.test(key)) await new this(key).aload();
    }
  }
}
