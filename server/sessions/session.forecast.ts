import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/orm.ts';
import { badInput } from '../errors.ts';
import { at } from './session.row.ts';

/** How many live sessions end after `startsAt` and not after `endsAt`, by the deadline that is the nearer. */
export interface EndingsSlice {
  startsAt: Date;
  endsAt: Date;
  idle: number;
  absolute: number;
}

const SLICES = 24;
const MAX_HOURS = 168;

/** @throws BAD_USER_INPUT unless 1 <= hours <= 168 */
export function requireForecastHours(hours: number): number {
  if (hours >= 1 && hours <= MAX_HOURS) return hours;
  throw badInput('hours', `hours must be between 1 and ${MAX_HOURS}.`, {
    reason: 'OUT_OF_BOUNDS',
    min: 1,
    max: MAX_HOURS,
  });
}

/**
 * When the account's live sessions will end without further activity: 24 slices from `now` on. As a deadline equal to
 * now has passed, one at the end of a slice is in that slice: what the slices up to a moment hold is over by then.
 */
export async function forecastEndings(
  em: EntityManager,
  accountId: string,
  hours: number,
  now: Date,
): Promise<EndingsSlice[]> {
  const sliceSeconds = (hours * 3600) / SLICES;
  const slices: EndingsSlice[] = Array.from({ length: SLICES }, (_, index) => ({
    startsAt: addSeconds(now, index * sliceSeconds),
    endsAt: addSeconds(now, (index + 1) * sliceSeconds),
    idle: 0,
    absolute: 0,
  }));
  const { rows } = await sql<{ index: number; idle: number; absolute: number }>`
    select index, (count(*) filter (where is_idle))::int as idle, (count(*) filter (where not is_idle))::int as absolute
    from (
      select s.idle_expires_at < s.absolute_expires_at as is_idle,
        ceil(extract(epoch from s.ends_at - ${at(now)}) / ${sliceSeconds}::int)::int - 1 as index
      from (
        select s.*, least(s.idle_expires_at, s.absolute_expires_at) as ends_at
        from live_sessions(${at(now)}) s where s.account_id = ${accountId}) s
      where s.ends_at <= ${at(slices.at(-1)!.endsAt)}) ending
    group by index`.execute(em.getKysely());
  for (const { index, idle, absolute } of rows) Object.assign(slices[index]!, { idle, absolute });
  return slices;
}
