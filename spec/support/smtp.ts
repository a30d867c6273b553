/** A mail server on a free port, for specs of the SMTP mailer. @module */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A mail as the server got it. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  /** Header fields and body, with the dots of the transfer undone. */
  readonly text: string;
}

/** A mail server under test. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly Received[];
  /** Every line that clients sent, but for those of mails. */
  readonly commands: readonly string[];
  /** How many connections there were. */
  readonly connections: number;
}

/** What a server answers other than usual: the command it begins with, and the answer; `""` hangs up. */
export type Answers = Readonly<Record<string, string>>;

/** Runs `fn` with a mail server, and takes it down afterwards. */
export async function with_mail_server(
  fn: (server: MailServer) => Promise<void>,
  answers: Answers = {},
): Promise<void> {
  const mails: Received[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    speak(socket, { mails, commands, answers });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on TCP
  try {
    await fn({
      port,
      mails,
      commands,
      get connections() {
        return connections;
      },
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }
}

interface Conversation {
  readonly mails: Received[];
  readonly commands: string[];
  readonly answers: Answers;
}

const USUAL: Answers = {
  EHLO: "250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME",
  "AUTH PLAIN": "235 welcome",
  MAIL: "250 ok",
  RCPT: "250 ok",
  DATA: "354 go on",
  "\n.": "250 taken",
  RSET: "250 ok",
  QUIT: "221 bye",
};

function speak(socket: Socket, { mails, commands, answers }: Conversation): void {
  let waiting = "";
  let from = "";
  let to: string[] = [];
  let in_data = false;
  const known = { ...USUAL, ...answers };
  const answer = (command: string): string => {
    const name = Object.keys(known).find((begin) => command.toUpperCase().startsWith(begin));
    const text = name === undefined ? "502 what?" : (known[name] ?? "");
    if (text === "") socket.destroy();
    else socket.write(`${text}\r\n`);
    return text;
  };
  const end_of_mail = (): void => {
    const end = waiting.indexOf("\r\n.\r\n");
    if (end < 0) return;
    const text = waiting.slice(0, end + 2).replace(/^\.\./gm, ".");
    waiting = waiting.slice(end + 5);
    in_data = false;
    if (answer("\n.").startsWith("2")) mails.push({ from, to, text });
    to = [];
  };
  const command = (line: string): void => {
    commands.push(line);
    const answered = answer(line);
    if (!/^[23]/.test(answered)) return;
    if (/^MAIL/i.test(line)) from = /<(.*)>/.exec(line)?.[1] ?? "";
    if (/^RCPT/i.test(line)) to.push(/<(.*)>/.exec(line)?.[1] ?? "");
    if (/^DATA/i.test(line)) in_data = true;
    if (/^QUIT/i.test(line)) socket.end();
  };
  socket.on("data", (bytes) => {
    waiting += bytes.toString();
    for (;;) {
      if (in_data) end_of_mail();
      const end = in_data ? -1 : waiting.indexOf("\r\n");
      if (end < 0) return;
      const line = waiting.slice(0, end);
      waiting = waiting.slice(end + 2);
      command(line);
    }
  });
  socket.write(`${answers["GREETING"] ?? "220 mail.example"}\r\n`);
}
