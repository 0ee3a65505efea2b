import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as the server of the test took it. */
export interface ReceivedMail {
  /** Of the envelope: who gets it. */
  recipients: string[];
  /** With names in lower case, unfolded and decoded. */
  headers: Record<string, string>;
  text: string;
  /** The address of the set-password page in it. */
  link: string | null;
  /** Over TLS, by an authenticated user. */
  isSecure: boolean;
  user: string | undefined;
  raw: string;
}

export interface SmtpReply {
  code: number;
  text: string;
}

export interface TestSmtpServer {
  readonly port: number;
  /** For SMTP_URL. */
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** Attempts to name a recipient. */
  readonly attempts: number;
  /** Takes the next mail that no one has taken yet. */
  next(): Promise<ReceivedMail>;
  close(): Promise<void>;
}

/** A real SMTP server on loopback. `refuse` answers RCPT TO of an attempt, counted from 1; null takes it. */
export async function startSmtpServer(
  options: SMTPServerOptions & { refuse?: (attempt: number) => SmtpReply | null } = {},
): Promise<TestSmtpServer> {
  const { refuse = () => null, ...its } = options;
  const mails: ReceivedMail[] = [];
  const waiting: ((mail: ReceivedMail) => void)[] = [];
  const untaken: ReceivedMail[] = [];
  let attempts = 0;

  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    // Else it offers a certificate that no one trusts.
    ...(its.key ? {} : { disabledCommands: ['STARTTLS'] }),
    onAuth: ({ username }, _, done) => done(null, { user: username }),
    onRcptTo: (_, __, done) => {
      attempts += 1;
      const refusal = refuse(attempts);
      done(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData: (stream, session, done) => {
      void text(stream).then((raw) => {
        const mail: ReceivedMail = {
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          ...parse(raw),
          isSecure: session.secure,
          user: session.user as string | undefined,
          raw,
        };
        mails.push(mail);
        const taker = waiting.shift();
        if (taker) taker(mail);
        else untaken.push(mail);
        done();
      });
    },
    ...its,
  });
  // A client that goes away, or one that trusts no certificate of ours.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;

  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    mails,
    get attempts() {
      return attempts;
    },
    async next() {
      return untaken.shift() ?? new Promise((resolve) => waiting.push(resolve));
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The environment of a Curfew that mails through this server. */
export const mailEnv = (url: string) => ({ SMTP_URL: url, MAIL_FROM: 'Curfew <no-reply@curfew.example>' });

function parse(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'link'> {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())];
    }),
  );
  const body = decodeBody(raw.slice(end + 4), headers['content-transfer-encoding']);
  return { headers, text: body, link: /https?:\S+\/set-password\S+/.exec(body)?.[0] ?? null };
}

function decodeBody(body: string, encoding = '7bit'): string {
  const plain = body.replaceAll('\r\n', '\n');
  if (encoding === 'base64') return Buffer.from(plain, 'base64').toString();
  return encoding === 'quoted-printable' ? decodeQuoted(plain.replaceAll('=\n', '')) : plain;
}

const decodeQuoted = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

/** Encoded words of RFC 2047. */
const decodeWords = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, encoded: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(encoded, 'base64').toString()
        : decodeQuoted(encoded.replaceAll('_', ' ')),
    );
