import { type BrowserEnv } from './browser-env.ts';
import { type GrantSource } from './grant-source.ts';
import { type Grant } from './session-state.ts';
import { createStoredValue } from './stored-value.ts';
import { type Answer, RefusedError } from './transport.ts';

/** Trades the session's proof for a fresh access token: one tab at a time, and one request at a time in each. */
export interface Renewal {
  /** Whether the renewal itself counted as activity; where not, and that was wanted, say so to the server. */
  renew(options: { userActive: boolean }): Promise<{ isActivity: boolean }>;
  /** Another tab has renewed. */
  heard(count: number): void;
  /** There is a new session, or none: what was under way belongs to the past. */
  forget(): void;
  stop(): void;
}

/** Tabs hear of a renewal within this time, or do it themselves. */
const NEWS_WITHIN_MS = 2_000;
/** A tab that holds the lock for longer hangs. The server can cope with two that renew at once. */
const LONGEST_WAIT_MS = 20_000;

export function createRenewal(dependencies: {
  env: Pick<BrowserEnv, 'localStorage' | 'locks' | 'setTimeout' | 'clearTimeout' | 'randomBytes'>;
  source: GrantSource;
  /** Prefix of the names that the tabs share. */
  name: string;
  /** Takes the answer in. It is not asked for again once this returns. */
  take(answer: Answer<Grant>): void;
  /** Tells the other tabs. */
  tell(grant: Grant, count: number): void;
}): Renewal {
  const { env, source, name, take, tell } = dependencies;
  const requestId = createStoredValue(source.isRotating ? env.localStorage : null, `${name}:request`);
  const counter = createStoredValue(env.localStorage, `${name}:renewals`);
  const count = (): number => Number(counter.read() ?? 0);

  let underWay: Promise<{ isActivity: boolean }> | null = null;
  let epoch = 0;
  /** The latest renewal whose answer is here, this tab's or another's. */
  let known = count();
  let onNews = (): void => {};
  let stopWaiting = (): void => {};

  /** `hasWaited`: another tab was at it when this one came. */
  async function exclusively<T>(started: number, task: (hasWaited: boolean) => Promise<T>): Promise<T> {
    const { locks } = env;
    if (!locks) return task(false);
    const lockName = `${name}:renewal`;
    const atOnce = await locks.request(lockName, { ifAvailable: true }, async (lock) =>
      lock ? { result: await task(false) } : null,
    );
    if (atOnce) return atOnce.result;
    assertCurrent(started);
    const patience = new AbortController();
    stopWaiting = () => patience.abort();
    let hasBegun = false;
    const timer = env.setTimeout(() => patience.abort(), LONGEST_WAIT_MS);
    try {
      return await locks.request(lockName, { signal: patience.signal }, () => {
        hasBegun = true;
        env.clearTimeout(timer);
        return task(true);
      });
    } catch (error) {
      if (hasBegun) throw error;
      assertCurrent(started);
      return await task(true);
    } finally {
      env.clearTimeout(timer);
    }
  }

  /** Whether the answer to a renewal that has just happened elsewhere gets here. */
  async function hearsOfIt(asked: number, started: number): Promise<boolean> {
    let timer: unknown;
    await new Promise<void>((done) => {
      timer = env.setTimeout(done, NEWS_WITHIN_MS);
      onNews = () => (started !== epoch || known > asked) && done();
    });
    env.clearTimeout(timer);
    onNews = () => {};
    return known > asked;
  }

  async function renewHere(
    userActive: boolean,
    asked: number,
    started: number,
    hasWaited: boolean,
  ): Promise<{ isActivity: boolean }> {
    if (known > asked) return { isActivity: false };
    // The tab that was at it has answered, failed or gone away. Its message, the count in storage and the lock come by
    // three ways in any order, so neither of the first two is missed when the other is not there yet.
    if ((hasWaited || count() > known) && (await hearsOfIt(asked, started))) return { isActivity: false };
    assertCurrent(started);
    // One that is there already belongs to a tab that went away before its answer came: asked again under the same
    // name, the server gives the same answer in place of taking the token for a stolen one.
    const left = requestId.read();
    const id = left ?? hex(env.randomBytes(16));
    requestId.write(id);
    try {
      const answer = await source.renew({ userActive, requestId: id });
      assertCurrent(started);
      take(answer);
      known = Math.max(known, count()) + 1;
      counter.write(String(known));
      tell(answer.data, known);
    } catch (error) {
      assertCurrent(started);
      // An answer, too; only without one the same question has to be asked again.
      if (error instanceof RefusedError && requestId.read() === id) requestId.clear();
      throw error;
    }
    if (requestId.read() === id) requestId.clear();
    return { isActivity: source.isRotating && userActive && left === null };
  }

  /** Whatever is under way is of no use any more. Its name stays: the server may have answered already. */
  function drop(): void {
    epoch += 1;
    underWay = null;
    stopWaiting();
    onNews();
  }

  function assertCurrent(started: number): void {
    if (started !== epoch) throw new SupersededError();
  }

  return {
    async renew({ userActive }) {
      if (underWay) {
        await underWay;
        return { isActivity: false };
      }
      const asked = known;
      const started = epoch;
      const mine = exclusively(started, (hasWaited) =>
        renewHere(userActive, asked, started, hasWaited),
      ).finally(() => {
        if (underWay === mine) underWay = null;
      });
      underWay = mine;
      return mine;
    },
    heard(news) {
      known = Math.max(known, news);
      onNews();
    },
    forget() {
      drop();
      requestId.clear();
    },
    stop: drop,
  };
}

/** The session that was to be renewed is no longer the one that is watched. */
export class SupersededError extends Error {
  constructor() {
    super('Another session has taken its place.');
    this.name = 'SupersededError';
  }
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
