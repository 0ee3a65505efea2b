import { toAsciiLowerCase } from '../email.ts';
import { sha256Base64Url } from '../sha256.ts';

/** Links that are mailed to one mailbox within an hour. */
const MAX_MAILS_PER_HOUR = 5;
const WINDOW_SECONDS = 60 * 60;

/**
 * Limits the links that reach one mailbox, no matter for whom they are: a person who is deleted and invited again and again, or
 * under several spellings of an address, must not become a way to fill a stranger's mailbox.
 */
export interface MailboxLimit {
  /** Whether another mail may go there now. Counts nothing. @throws UNAVAILABLE */
  hasRoom(address: string): Promise<boolean>;
  /** Counts a mail. False: there have been too many. @throws UNAVAILABLE */
  take(address: string): Promise<boolean>;
}

/** Counts by key, each within an hour of its first mail. */
interface Counter {
  readonly limit: number;
  add(key: string): Promise<void>;
  read(key: string): Promise<{ failures: number } | null>;
}

interface Counters {
  create(name: string, limit: number, windowSeconds: number): Counter;
}

/** @param kind what is mailed: each kind has its own count */
export function createMailboxLimit(counters: Counters, kind: string): MailboxLimit {
  const counter = counters.create(kind, MAX_MAILS_PER_HOUR, WINDOW_SECONDS);
  const count = async (key: string) => (await counter.read(key))?.failures ?? 0;
  return {
    hasRoom: async (address) => (await count(keyOf(address))) < counter.limit,
    async take(address) {
      const key = keyOf(address);
      // Counted before it is read, so that mails at the same moment see each other.
      await counter.add(key);
      return (await count(key)) <= counter.limit;
    },
  };
}

/** A hash: the count outlives the deletion of a person by up to an hour, and holds no address. */
const keyOf = (address: string): string => sha256Base64Url(mailboxOf(address));

/** Many mail servers deliver `a+anything@b.example` to `a@b.example`. */
const mailboxOf = (address: string): string => {
  const [name, domain] = toAsciiLowerCase(address).split('@') as [string, string | undefined];
  return `${name.split('+', 1)[0]}@${domain}`;
};
