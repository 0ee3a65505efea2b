import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { badInput } from '../errors.ts';
import { liveSessionsOf } from '../sessions/policy-application.sql.ts';
import { at } from '../sessions/session-row.ts';
import { rowsOf } from '../database/rows.ts';

/** The number of live sessions that end after `startsAt` and up to `endsAt`, by their nearer deadline. */
export interface ExpiryForecastSlice {
  startsAt: Date;
  endsAt: Date;
  idle: number;
  absolute: number;
}

const SLICES = 24;
const MAX_HOURS = 168;

/** Returns `hours`. @throws BAD_USER_INPUT unless 1 <= hours <= 168 */
export function requireForecastHours(hours: number): number {
  if (hours >= 1 && hours <= MAX_HOURS) return hours;
  throw badInput('hours', `hours must be between 1 and ${MAX_HOURS}.`, {
    reason: 'OUT_OF_BOUNDS',
    min: 1,
    max: MAX_HOURS,
  });
}

/**
 * Returns when the account's live sessions end without further activity, in 24 slices from `now` on. A session has ended
 * when its deadline equals the time, so a deadline at the end of a slice belongs to it: at `endsAt` every session of the
 * slices so far has ended.
 */
export async function forecastExpiry(
  em: EntityManager,
  accountId: string,
  hours: number,
  now: Date,
): Promise<ExpiryForecastSlice[]> {
  const sliceSeconds = (hours * 3600) / SLICES;
  const slices: ExpiryForecastSlice[] = Array.from({ length: SLICES }, (_, index) => ({
    startsAt: addSeconds(now, index * sliceSeconds),
    endsAt: addSeconds(now, (index + 1) * sliceSeconds),
    idle: 0,
    absolute: 0,
  }));
  const rows = await rowsOf(
    em,
    sql<{ index: number; idle: number; absolute: number }>`
    select index, (count(*) filter (where is_idle))::int as idle, (count(*) filter (where not is_idle))::int as absolute
    from (
      select s.idle_expires_at < s.absolute_expires_at as is_idle,
        ceil(extract(epoch from s.ends_at - ${at(now)}) / ${sliceSeconds}::int)::int - 1 as index
      from (
        select s.*, least(s.idle_expires_at, s.absolute_expires_at) as ends_at
        from ${liveSessionsOf(accountId, now)}) s
      where s.ends_at <= ${at(slices.at(-1)!.endsAt)}) expiring
    group by index`,
  );
  for (const { index, idle, absolute } of rows) Object.assign(slices[index]!, { idle, absolute });
  return slices;
}
