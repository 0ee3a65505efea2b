import { sql } from 'kysely';
import type { DatabaseKind } from '../databases.ts';
import type { Collector } from '../graphql-client.ts';
import { startApp, type StartOptions, type TestApp } from '../harness.ts';
import type { Person, SignedIn } from '../seed.ts';

export const MINUTE = 60_000;
export const IDLE_MINUTES = 60;
export const ABSOLUTE_MINUTES = 600;
export const WARNING_MS = 5 * MINUTE;

/** Short sessions, and tokens that live as long as their session lets them. */
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

/** Moves the clock to `before` milliseconds ahead of an instant that was answered as text. */
export function advanceTo(app: TestApp, instant: string, before = 0): void {
  app.clock.advance(new Date(instant).getTime() - before - app.clock.now().getTime());
}

/**
 * A subscription that is known to be in place, because it has been warned of the idle deadline. There is no other
 * sign of that: an acknowledged connection may not have subscribed yet.
 */
export async function followWarned(app: TestApp, who: SignedIn): Promise<Collector> {
  const expiry = who.expiry();
  expect(await expiry.next()).toMatchObject({ kind: 'WARNING' });
  return expiry;
}

/** Signs in and brings the session into its idle warning. */
export async function loginWarned(app: TestApp, person: Person, leadMs = WARNING_MS): Promise<SignedIn> {
  const who = await person.login();
  advanceTo(app, who.payload.idleExpiresAt, leadMs);
  return who;
}

/** A subscription that is in place and warned of nothing: it was warned, and then told of activity. */
export async function followQuietly(
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

/** The whole row of a session, as the database has it. */
export async function sessionRow(app: TestApp, id: string): Promise<any> {
  const { rows } = await sql`select * from sessions where id = ${id}`.execute(app.database.em().getKysely());
  return rows[0];
}
