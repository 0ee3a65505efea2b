import { sql } from 'kysely';
import { SECOND } from '../refresh/session-rows.ts';
import { query } from '../races/race-app.ts';
import { auditLine, type AccountModel } from './account-model.ts';
import type { Installation } from './installation.ts';
import { isLive, isTimeout, possibleTimeouts, type ModelSession } from './session-model.ts';
import type { ExpiryEvent } from './expiry-model.ts';
import { deliver, isNews, judge, type Subscriber } from './subscriber.ts';

export interface Real {
  readonly installation: Installation;
  readonly subscribers: Subscriber[];
  /** Actions and observations over all runs. */
  readonly tally: Tally;
}

export type Tally = Map<string, number>;

export const count = ({ tally }: Real, name: string): unknown => tally.set(name, (tally.get(name) ?? 0) + 1);

/** Maximum delay of an expiry event, by the clock. */
const EXPIRY_LATENESS = 2 * SECOND;
/** Maximum delay of any other event when every message is lost. */
const NEWS_LATENESS = 5 * SECOND;

export const nowOf = ({ installation }: Real): number => installation.clock.now().getTime();

/** After every command: rows and received events match the model. */
export async function compare(model: AccountModel, real: Real, actedAt: number | null): Promise<void> {
  const { clock } = real.installation;
  const begun = nowOf(real);
  await readRows(model, real);
  let waiting = await judgeAll(real);
  for (const { subscriber, expected } of waiting)
    if (subscriber.node === actedAt && isNews(expected))
      fail(subscriber, expected, 'has not been told at once by the node where it happened');

  for (let step = EXPIRY_LATENESS; waiting.length > 0; step = NEWS_LATENESS - step) {
    clock.advance(step);
    await readRows(model, real);
    waiting = await judgeAll(real);
    for (const { subscriber, expected } of waiting)
      if (isLate(subscriber, begun, nowOf(real))) fail(subscriber, expected, 'has not been told in time');
  }
}

/** Between two changes of one command: a node may or may not have sent the first one. */
export async function look(real: Real): Promise<void> {
  await real.installation.quiet();
  await judgeAll(real);
}

/** A deadline that passed before the clock stood still counts from `begun`. */
function isLate({ session, waitsSince }: Subscriber, begun: number, now: number): boolean {
  const passed = possibleTimeouts(session, now)[0];
  const hasExpired = passed !== undefined && (session.end === null || isTimeout(session.end));
  return hasExpired
    ? now - Math.max(passed.at, begun) >= EXPIRY_LATENESS
    : now - (waitsSince ?? now) >= NEWS_LATENESS;
}

type Waiting = { subscriber: Subscriber; expected: ExpiryEvent[] };

/** Returns the subscribers that expect more. Those with their last event see their socket closed. */
async function judgeAll(real: Real): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  for (const subscriber of [...real.subscribers]) {
    await deliver(subscriber.raw);
    const judgement = judge(subscriber, nowOf(real));
    for (const { kind } of judgement.heard) count(real, kind);
    if (judgement.state === 'waits') waiting.push({ subscriber, expected: judgement.expected });
    else if (judgement.isOver) {
      real.subscribers.splice(real.subscribers.indexOf(subscriber), 1);
      expect(await subscriber.raw.closed).toEqual({ code: 4401, reason: subscriber.session.end!.reason });
      expect(subscriber.raw.messages.at(-1)).toEqual({ id: 'expiry', type: 'complete' });
    }
  }
  return waiting;
}

function fail({ session, node, raw }: Subscriber, expected: ExpiryEvent[], problem: string): never {
  const heard = JSON.stringify(raw.messages.slice(-4));
  throw new Error(
    `A subscriber of ${session.id} on node ${node} ${problem}: ${JSON.stringify(expected)}; the last that came: ${heard}`,
  );
}

/** The rows of the account match the model; the model learns which deadlines have been recorded as ends. */
async function readRows(model: AccountModel, real: Real): Promise<void> {
  await real.installation.quiet();
  const { database } = real.installation.node(0);
  const [rows, audit] = await Promise.all([
    query<{ row: Record<string, any> }>(
      { database },
      sql`select to_jsonb(s) as row from effective_sessions s where account_id = ${model.accountId}`,
    ),
    query<{ action: string; resource_id: string; details: object }>(
      { database },
      sql`select action, resource_id, details from audit_events where account_id = ${model.accountId}
        and action not in ('account.created')`,
    ),
  ]);
  expect(rows).toHaveLength(model.sessions.length);
  const byId = new Map(rows.map(({ row }) => [row.id, row]));
  for (const session of model.sessions) compareRow(session, byId.get(session.id)!, nowOf(real));
  const lines = audit.map(({ action, resource_id, details }) => auditLine(action, resource_id, details));
  expect(lines.sort()).toEqual([...model.audit].sort());
}

function compareRow(session: ModelSession, row: Record<string, any>, now: number): void {
  if (session.end === null && !isLive(session, now) && row.end_reason !== null)
    session.end = possibleTimeouts(session, now).find(({ reason }) => reason === row.end_reason) ?? null;
  const shown = {
    generation: row.generation,
    authenticatedAt: Date.parse(row.authenticated_at),
    lastActivityAt: Date.parse(row.last_activity_at),
    idleSeconds: row.idle_seconds,
    absoluteSeconds: row.absolute_seconds,
    idleExpiresAt: Date.parse(row.idle_expires_at),
    absoluteExpiresAt: Date.parse(row.absolute_expires_at),
    end: row.end_reason === null ? null : { reason: row.end_reason, at: Date.parse(row.ended_at) },
  };
  const { authenticatedAt, lastActivityAt, idleSeconds, absoluteSeconds, idleExpiresAt, absoluteExpiresAt } =
    session;
  expect(shown).toEqual({
    generation: session.tokens.length - 1 + (session.isConsumed ? 1 : 0),
    authenticatedAt,
    lastActivityAt,
    idleSeconds,
    absoluteSeconds,
    idleExpiresAt,
    absoluteExpiresAt,
    end: session.end,
  });
  // The consumption of an absolute-expired token is its end, committed before its answer.
  if (session.isConsumed) expect(session.end).not.toBeNull();
}

/** No row of the account holds a token. */
export async function expectNoTokenStored(model: AccountModel, real: Real): Promise<void> {
  const [stored] = await query<{ text: string }>(
    real.installation.node(0),
    sql`select coalesce(string_agg(line, ' '), '') as text from (
      select to_jsonb(s)::text as line from sessions s where account_id = ${model.accountId}
      union all select to_jsonb(a)::text from audit_events a where account_id = ${model.accountId}) lines`,
  );
  for (const { tokens, accessTokens } of model.sessions)
    for (const token of [...tokens, ...accessTokens.map((access) => access.token)])
      expect(stored!.text.includes(token.split('.')[2]!)).toBe(false);
}
