import pg from 'pg';
import { waitUntil } from './wait-until.ts';

interface Lock {
  text: string;
  values?: unknown[];
}

export interface HeldLock {
  release(): Promise<void>;
}

export const accountLock = (id: string): Lock => ({
  text: 'select 1 from accounts where id = $1 for no key update',
  values: [id],
});

export const sessionLock = (id: string): Lock => ({
  text: 'select 1 from sessions where id = $1 for no key update',
  values: [id],
});

async function beginWith(url: string, lock: Lock): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  await client.query('begin');
  await client.query(lock);
  return client;
}

/** Takes a lock in a transaction outside the application and keeps it, as a node does that has stopped. */
export async function holdLock(url: string, text: string, values: unknown[] = []): Promise<HeldLock> {
  const client = await beginWith(url, { text, values });
  return { release: () => client.end() };
}

/** Starts `start` while a lock is held, runs `act` in the holder's transaction once `start` waits, and commits. */
export async function whileLocked<T>(
  url: string,
  lock: Lock,
  start: () => Promise<T>,
  act: (client: pg.Client) => Promise<unknown>,
): Promise<T> {
  const client = await beginWith(url, lock);
  try {
    const outcome = start();
    // Any: what `start` calls is all that can wait here.
    await waitForBlockedStatement(url, '');
    await act(client);
    await client.query('commit');
    return await outcome;
  } finally {
    await client.end();
  }
}

const BLOCKED = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
  and position($1 in query) > 0`;

/**
 * Resolves once a statement that contains `text` waits for a lock in this database. The text must be in no other statement
 * that may wait earlier.
 */
export const waitForBlockedStatement = (url: string, text: string, timeoutMs?: number): Promise<void> =>
  waitUntilAny(url, `select 1 ${BLOCKED}`, text, timeoutMs);

/** Cancels the first statement that contains `text` and waits for a lock, as soon as there is one. */
export const cancelBlockedStatement = (url: string, text: string): Promise<void> =>
  waitUntilAny(url, `select pg_cancel_backend(pid) ${BLOCKED}`, text);

export const waitForNoBlockedStatement = (url: string): Promise<void> =>
  waitUntilAny(url, `select 1 where not exists (select 1 ${BLOCKED})`, '');

async function waitUntilAny(url: string, statement: string, text: string, timeoutMs?: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const isAny = async () => (await client.query(statement, [text])).rows.length > 0;
    await waitUntil(isAny, { what: 'a statement that waits for a lock', timeoutMs });
  } finally {
    await client.end();
  }
}
