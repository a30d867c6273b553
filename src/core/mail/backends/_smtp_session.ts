/** One connection to a mail server, by the package nodemailer. @module */
import { readFile } from "node:fs/promises";
import { ImproperlyConfigured } from "../../exceptions.ts";
import { DNS_NAME } from "../utils.ts";

/** Where the server is, and how to speak to it. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly use_tls: boolean;
  readonly use_ssl: boolean;
  /** Seconds. */
  readonly timeout: number | null;
  readonly ssl_keyfile: string | null;
  readonly ssl_certfile: string | null;
}

/** Who sends a mail, and who gets it: bare addresses. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  /** Tell the server that there may be bytes above 127 (RFC 6152), if it knows what that is. */
  readonly use8BitMime: boolean;
}

type Done = (error?: Error | null) => void;

/** What is used of nodemailer's `SMTPConnection`. */
interface SmtpConnection {
  on(event: "error" | "end", listener: (error?: Error) => void): unknown;
  off(event: "error" | "end", listener: (error?: Error) => void): unknown;
  connect(done: Done): void;
  login(auth: { user: string; pass: string }, done: Done): void;
  send(envelope: Envelope, message: Buffer, done: Done): void;
  quit(): void;
  close(): void;
}

type SmtpConnectionClass = new (options: object) => SmtpConnection;

/** A connection that is open. */
export class SmtpSession {
  readonly #connection: SmtpConnection;
  /** Whether the server has not gone away. */
  is_open = true;

  private constructor(connection: SmtpConnection) {
    this.#connection = connection;
    const ended = (): void => {
      this.is_open = false;
    };
    connection.on("error", ended); // without a listener the event would end the process
    connection.on("end", ended);
  }

  /** Connects, and logs in. @throws ImproperlyConfigured without the package. */
  static async open(server: ServerOptions): Promise<SmtpSession> {
    const Connection = await load_package();
    const connection = new Connection(await connection_options(server));
    const session = new SmtpSession(connection);
    const { username: user, password: pass } = server;
    try {
      await session.#asked((done) => connection.connect(done));
      if (user && pass) await session.#asked((done) => connection.login({ user, pass }, done));
    } catch (error) {
      connection.close();
      throw error;
    }
    return session;
  }

  /** Hands over one mail, and waits until the server has it. */
  async send(envelope: Envelope, message: Buffer): Promise<void> {
    await this.#asked((done) => this.#connection.send(envelope, message, done));
  }

  /** Says good-bye. */
  async close(): Promise<void> {
    if (!this.is_open) return this.#connection.close();
    const ended = new Promise<void>((resolve) => {
      this.#connection.on("end", () => resolve());
      this.#connection.on("error", () => resolve());
    });
    this.#connection.quit();
    await ended;
  }

  // The package tells a failure by the callback, or by an event.
  async #asked(ask: (done: Done) => void): Promise<void> {
    const connection = this.#connection;
    let stop = (): void => undefined;
    const answer = new Promise<void>((resolve, reject) => {
      const failed = (error?: Error): void => reject(error ?? GONE());
      connection.on("error", failed);
      connection.on("end", failed);
      stop = () => {
        connection.off("error", failed);
        connection.off("end", failed);
      };
      ask((error) => (error ? reject(error) : resolve()));
    });
    try {
      await answer;
    } finally {
      stop();
    }
  }
}

const GONE = (): Error => new Error("The mail server closed the connection.");

async function connection_options(server: ServerOptions): Promise<object> {
  const { host, port, use_ssl, use_tls, timeout, ssl_keyfile, ssl_certfile } = server;
  const milliseconds = timeout === null ? undefined : timeout * 1000;
  const key = ssl_keyfile === null ? undefined : await readFile(ssl_keyfile);
  const cert = ssl_certfile === null ? undefined : await readFile(ssl_certfile);
  return {
    host,
    port,
    name: DNS_NAME.get_fqdn(),
    secure: use_ssl,
    requireTLS: use_tls,
    ignoreTLS: !use_tls,
    tls: { key, cert },
    connectionTimeout: milliseconds,
    greetingTimeout: milliseconds,
    socketTimeout: milliseconds,
  };
}

// A name that the compiler does not look up: the package is there only where it is used.
const PACKAGE: string = "nodemailer/lib/smtp-connection";

async function load_package(): Promise<SmtpConnectionClass> {
  try {
    const module = (await import(PACKAGE)) as { default: SmtpConnectionClass }; // what the package exports
    return module.default;
  } catch (cause) {
    throw new ImproperlyConfigured(
      "Sending mail by SMTP needs the package nodemailer, version 10: npm install nodemailer",
      { cause },
    );
  }
}
