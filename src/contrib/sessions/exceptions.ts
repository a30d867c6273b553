/** What can be wrong with a session (Django docs: How to use sessions). @module */
import { BadRequest, SuspiciousOperation } from "../../core/exceptions.ts";

/** The session was deleted while the request was running, by a logout elsewhere, say; answered with 400. */
export class SessionInterrupted extends BadRequest {}
/** A session that looks tampered with. */
export class SuspiciousSession extends SuspiciousOperation {}
/** A session key with characters that no key has. */
export class InvalidSessionKey extends SuspiciousOperation {}
