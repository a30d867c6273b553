/** Sessions in a database, in the table and the form of Django's own. @module */
import { ImproperlyConfigured } from "../../../core/exceptions.ts";
import { and_then, type Maybe } from "../../../utils/_promise.ts";
import { now } from "../../../utils/_timezone.ts";
import type { SessionDict } from "../_session_data.ts";
import type { SessionRow, SessionRows } from "../rows.ts";
import { KeyedSession } from "./_keyed.ts";
import { new_session_key, type SessionUpdate } from "./base.ts";

/**
 * A session in a row. The store of a site is made with `using()`:
 * `SESSION_ENGINE: SessionStore.using(new SqliteSessionRows(connection))`.
 */
export class SessionStore extends KeyedSession {
  static {
    Object.defineProperty(this, "name", { value: "SessionStore" }); // bundlers rename classes; see `key_salt`
  }

  /** This store over those rows. */
  static using(rows: SessionRows): typeof SessionStore {
    const store = class extends this {
      static override get_model_class(): SessionRows {
        return rows;
      }
    };
    Object.defineProperty(store, "name", { value: this.name }); // the salt of its data is made of the name
    return store;
  }

  /** The rows. @throws ImproperlyConfigured for a store without. */
  static get_model_class(): SessionRows {
    throw new ImproperlyConfigured(
      "The database store needs rows: SESSION_ENGINE: SessionStore.using(new SqliteSessionRows(connection)).",
    );
  }

  /** The rows, as `get_model_class` gives them. */
  get model(): SessionRows {
    return (this.constructor as typeof SessionStore).get_model_class(); // an instance's class is this one or below
  }

  override get _waits(): boolean {
    return this.model.waits;
  }

  /** The row to write. A subclass with a table of its own adds columns. */
  create_model_instance(data: SessionUpdate): SessionRow {
    return {
      session_key: (this._session_key ??= new_session_key()),
      session_data: this.encode(data),
      expire_date: this.get_expiry_date(),
    };
  }

  async acreate_model_instance(data: SessionUpdate): Promise<SessionRow> {
    return this.create_model_instance(data);
  }

  override _has_stored(key: string): Maybe<boolean> {
    return this._ask("looked for", () => this.model.exists(key));
  }

  override _find_stored(key: string): Maybe<SessionDict | undefined> {
    return and_then(this._find_row(key), (row) => row && this.decode(row.session_data));
  }

  /** @internal */
  _find_row(key: string): Maybe<SessionRow | undefined> {
    return this._ask("read", () => this.model.get(key, now()));
  }

  override _write_stored(_key: string, must_create: boolean): Maybe<boolean> {
    const { model } = this;
    const data = this._data_to_save();
    const row = this.create_model_instance(data);
    return this._ask("written", () => (must_create ? model.insert(row) : model.update(row)));
  }

  override _drop_stored(key: string): Maybe<void> {
    return this._ask("deleted", () => this.model.delete(key));
  }

  /** @throws NotImplementedError if the rows have to be waited for: then there is only `aclear_expired()`. */
  static override clear_expired(): void {
    if (this.get_model_class().waits) return super.clear_expired();
    void this.get_model_class().clear_expired(now());
  }

  static override async aclear_expired(): Promise<void> {
    await this.get_model_class().clear_expired(now());
  }
}
