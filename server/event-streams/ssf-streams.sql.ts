import { sql, type RawBuilder } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { rowsOf } from '../database/rows.ts';
import { notFound } from '../errors.ts';
import { at } from '../sessions/session-row.ts';
import type { SsfStream } from './ssf-stream.ts';

const readStreams = (em: EntityManager, condition: RawBuilder<unknown>): Promise<SsfStream[]> =>
  rowsOf(
    em,
    sql<SsfStream>`
    select s.id, s.kind, s.url, s.description, s.event_types as "eventTypes", s.unknown_types as "unknownTypes",
      s.subject_format as "subjectFormat", s.audience,
      s.status, s.status_reason as "statusReason"
    from event_streams s where s.kind in ('SSF_PUSH', 'SSF_POLL') and ${condition} order by s.created_at, s.id`,
  );

/** Oldest first. */
export const listSsfStreams = (em: EntityManager, accountId: string): Promise<SsfStream[]> =>
  readStreams(em, sql`s.account_id = ${accountId}`);

/** @throws NOT_FOUND, identical for an unknown stream, one of another account, and one of another kind */
export async function readSsfStream(
  em: EntityManager,
  { id, accountId }: { id: string; accountId: string },
): Promise<SsfStream> {
  const [stream] = isUuid(id) ? await readStreams(em, sql`s.id = ${id} and s.account_id = ${accountId}`) : [];
  if (!stream) throw notFound('Event stream');
  return stream;
}

/** What owners have no field for. */
export async function storeUnknownTypes(
  em: EntityManager,
  id: string,
  unknownTypes: readonly string[],
): Promise<void> {
  await rowsOf(
    em,
    sql`update event_streams set unknown_types = ${[...unknownTypes]}::text[] where id = ${id}`,
  );
}

/** @param secret sealed. Null: none; undefined: as it is */
export async function changeDelivery(
  em: EntityManager,
  { id, kind, url }: Pick<SsfStream, 'id' | 'kind' | 'url'>,
  secret: string | null | undefined,
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_streams set kind = ${kind}, url = ${url}
      ${secret === undefined ? sql`` : sql`, secret = ${secret}, previous_secret = null, previous_secret_until = null`}
    where id = ${id}`,
  );
}

/** False: the last verification was asked for less than `intervalSeconds` ago. */
export async function stampVerification(
  em: EntityManager,
  id: string,
  intervalSeconds: number,
  now: Date,
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    update event_streams set verification_requested_at = ${now}
    where id = ${id} and (verification_requested_at is null
      or verification_requested_at <= ${at(addSeconds(now, -intervalSeconds))})
    returning 1`,
  );
  return rows.length === 1;
}
