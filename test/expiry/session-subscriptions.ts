import { sql } from 'kysely';
import type { DatabaseKind } from '../databases.ts';
import type { Collector } from '../graphql-client.ts';
import { startApp, type StartOptions, type TestApp } from '../harness.ts';
import type { Person, SignedIn } from '../seed.ts';

export const MINUTE = 60_000;
const IDLE_MINUTES = 60;
const ABSOLUTE_MINUTES = 600;
export const WARNING_MS = 5 * MINUTE;

/** Short sessions, with access tokens as long as their session. */
export const SHORT_SESSIONS = {
  SESSION_IDLE_MINUTES_DEFAULT: String(IDLE_MINUTES),
  SESSION_IDLE_MINUTES_MIN: '1',
  SESSION_ABSOLUTE_MINUTES_DEFAULT: String(ABSOLUTE_MINUTES),
  SESSION_ABSOLUTE_MINUTES_MIN: '1',
  ACCESS_TOKEN_TTL_SECONDS: '1000000',
};

export const startShort = (
  database: DatabaseKind,
  { env, ...options }: Omit<StartOptions, 'database'> = {},
): Promise<TestApp> => startApp({ database, env: { ...SHORT_SESSIONS, ...env }, ...options });

export const TOUCH = `mutation { touchSession { idleExpiresAt lastActivityAt } }`;
export const SET_POLICY = `mutation Set($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

/** Moves the clock to `before` milliseconds ahead of an instant. */
export function advanceTo(app: TestApp, instant: string, before = 0): void {
  app.clock.advance(new Date(instant).getTime() - before - app.clock.now().getTime());
}

/**
 * Subscribes to a session in its warning time and waits for the warning, which shows that the subscription has begun:
 * an acknowledged connection may not have subscribed yet.
 */
export async function followWarned(app: TestApp, who: SignedIn): Promise<Collector> {
  const expiry = who.expiry();
  expect(await expiry.next()).toMatchObject({ kind: 'WARNING' });
  return expiry;
}

/** Signs in and moves the clock into the idle warning time. */
export async function loginWarned(app: TestApp, person: Person, leadMs = WARNING_MS): Promise<SignedIn> {
  const who = await person.login();
  advanceTo(app, who.payload.idleExpiresAt, leadMs);
  return who;
}

/** A subscription that has begun and has no pending warning: it got a warning and then an extension. */
export async function followExtended(
  app: TestApp,
  person: Person,
  leadMs?: number,
): Promise<{ who: SignedIn; expiry: Collector; idleExpiresAt: string }> {
  const who = await loginWarned(app, person, leadMs);
  const expiry = await followWarned(app, who);
  await who.gql(TOUCH);
  const { kind, idleExpiresAt } = await expiry.next();
  expect(kind).toBe('EXTENDED');
  return { who, expiry, idleExpiresAt };
}

/** The whole row of a session. */
export async function sessionRow(app: TestApp, id: string): Promise<any> {
  const { rows } = await sql`select * from sessions where id = ${id}`.execute(app.database.em().getKysely());
  return rows[0];
}
