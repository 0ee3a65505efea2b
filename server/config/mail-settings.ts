import { isIP } from 'node:net';
import { z } from 'zod';
import { fault } from './variables/fault.ts';

/** Where mails are handed over. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps). Else STARTTLS, where the server offers it. */
  readonly isTls: boolean;
  /** Null: without signing in. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** The sender that people see. */
export interface MailSender {
  /** Empty: the address alone. */
  readonly name: string;
  readonly address: string;
}

const SMTP_EXPECTED = 'smtp:// or smtps://user:password@host:port (percent-encoded), without a path';
const SENDER_EXPECTED = 'an e-mail address, or a name and an address as in Curfew <no-reply@example.com>';

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

/** Undefined for anything but a URL of a server. */
function readSmtpUrl(text: string): SmtpSettings | undefined {
  if (!/^smtps?:\/\/[^\s?#]+$/i.test(text)) return undefined;
  const url = URL.parse(text);
  if (!url || !['', '/'].includes(url.pathname)) return undefined;
  const host = readHost(url.hostname);
  const user = decode(url.username);
  const password = decode(url.password);
  if (host === undefined || user === undefined || password === undefined) return undefined;
  // Half of a sign-in is a mistake.
  if ((user === '') !== (password === '') || url.port === '0') return undefined;
  const isTls = url.protocol === 'smtps:';
  return {
    host,
    port: Number(url.port) || (isTls ? SUBMISSIONS_PORT : SUBMISSION_PORT),
    isTls,
    credentials: user === '' ? null : { user, password },
  };
}

function readHost(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) !== 0 || /^[a-z\d]([\w.-]*[a-z\d])?\.?$/i.test(bare) ? bare : undefined;
}

function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return /\p{Cc}/u.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

const address = z.email().max(254);

function readSender(text: string): MailSender | undefined {
  const [, name = '', inBrackets] = /^([^<>"\p{Cc}]{0,100})<([^<>]+)>$/u.exec(text.trim()) ?? [];
  const parsed = address.safeParse(inBrackets ?? text.trim());
  return parsed.success ? { name: name.trim(), address: parsed.data } : undefined;
}

const read = <Value>(parse: (text: string) => Value | undefined, problem: string, expected: string) =>
  z.string().transform((text, context): Value => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue(fault(problem, expected));
    return z.NEVER;
  });

export const smtpUrl = () => read(readSmtpUrl, 'is not an SMTP URL', SMTP_EXPECTED);

export const mailSender = () => read(readSender, 'is not a sender', SENDER_EXPECTED);
