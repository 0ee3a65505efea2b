import { isGood } from './access-token.ts';
import { type Renewal, SupersededError } from './renewal.ts';
import { type ServerClock } from './server-clock.ts';
import { SessionOverError } from './session-over-error.ts';
import { type SessionRecord } from './session-record.ts';
import { RefusedError, UnreachableError } from './transport.ts';
import { type Transitions } from './transitions.ts';

/** The access token at hand, and a new one where that no longer does. */
export interface Credentials {
  /** Null: it has to be renewed first. */
  readonly token: string | null;
  /** @throws SessionOverError, UnreachableError */
  get(options?: { refused?: string }): Promise<string>;
  /** @throws like `get` */
  renew(options: { userActive: boolean }): Promise<{ isActivity: boolean }>;
}

/** Two sign-ins in a row may each get in between; more is not a race. */
const ATTEMPTS = 3;

export function createCredentials(dependencies: {
  record: SessionRecord;
  transitions: Transitions;
  clock: ServerClock;
  renewal: Renewal;
  isRunning(): boolean;
  /** Resolves when it is known whether there is a session, or that the server cannot be asked. */
  find(): Promise<void>;
  /** Draws the consequence of the server's no. */
  onRefused(error: RefusedError): void;
}): Credentials {
  const { record, transitions, clock, renewal, isRunning, find, onRefused } = dependencies;
  const { facts } = record;

  function current(): string | null {
    const { token, session } = facts;
    return token && session && isGood(token, session, clock.now()) ? token.value : null;
  }

  async function renew(options: { userActive: boolean }): Promise<{ isActivity: boolean }> {
    const isOver = (): boolean => !isRunning() || facts.status === 'over' || facts.status === 'none';
    if (isOver()) throw new SessionOverError(facts.ending);
    try {
      return await renewal.renew(options);
    } catch (error) {
      if (error instanceof RefusedError) onRefused(error);
      if (isOver()) throw new SessionOverError(facts.ending);
      // The sign-in that came in between brought a token of its own.
      if (error instanceof SupersededError) return { isActivity: false };
      throw error;
    }
  }

  return {
    get token() {
      return current();
    },

    async get({ refused } = {}) {
      if (facts.status === 'starting' && isRunning()) await find();
      if (facts.status === 'starting' && isRunning())
        throw new UnreachableError('The server could not be reached.');
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        if (!isRunning() || !transitions.hasSession()) throw new SessionOverError(facts.ending);
        // What has just come is as good as it gets, however short it lasts.
        const token = attempt === 1 ? current() : (facts.token?.value ?? null);
        if (token !== null && token !== refused) return token;
        await renew({ userActive: false });
      }
      throw new UnreachableError('The server refuses every access token.');
    },

    renew,
  };
}
