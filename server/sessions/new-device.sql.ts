import { sql, type RawBuilder } from 'kysely';
import { networkOf } from '../addresses.ts';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { ClientInfo } from '../rules/caller.ts';
import { storedDevice } from './user-agent.ts';

/** For so many days a sign-in makes its device and network known (docs/decisions/057-new-device-sign-ins.md). */
const NEW_DEVICE_DAYS = 90;
const DAY_SECONDS = 24 * 60 * 60;
/**
 * How many sign-ins are read, of the live and of the ended sessions each: first those of the last days, where a usual
 * device is found, then all that count. A device that was not used in so many sign-ins is new again.
 */
const SIGN_INS_READ = [20, 500];

/**
 * Whether a sign-in comes from a new device: no other session of the user in this account, signed in within 90 days, has
 * its device together with its network. False where the device or the address is unknown: there is nothing to compare.
 * Imported sessions do not count. Sees as far back as session rows are kept.
 */
export async function isNewDeviceOf(
  em: EntityManager,
  { accountId, userId }: { accountId: string; userId: string },
  { ipAddress, userAgent }: Pick<ClientInfo, 'ipAddress' | 'userAgent'>,
  now: Date,
): Promise<boolean> {
  const device = storedDevice(userAgent);
  const network = networkOf(ipAddress);
  if (!device || network === 'unknown') return false;

  const since = addSeconds(now, -NEW_DEVICE_DAYS * DAY_SECONDS);
  // Each list has an index in its order. What its rows are is checked outside, so that the limit bounds what is read.
  const latest = (isInList: RawBuilder<unknown>, limit: number) => sql`(
    select account_id, is_imported, ip_address, device, user_agent from sessions
    where user_id = ${userId} and ${isInList} and authenticated_at > ${since}
    order by authenticated_at desc, id desc limit ${limit})`;
  for (const limit of SIGN_INS_READ) {
    // Nodes of the version before store no device; `nameDevices` adds it later.
    const rows = await rowsOf(
      em,
      sql<{ ip_address: string }>`
      select distinct s.ip_address
      from (${latest(sql`ended_at is null`, limit)} union all ${latest(sql`ended_at is not null`, limit)}) s
      where s.account_id = ${accountId} and not s.is_imported and s.ip_address is not null
        and (s.device = ${device} or (s.device is null and s.user_agent = ${userAgent}))`,
    );
    if (rows.some(({ ip_address }) => networkOf(ip_address) === network)) return false;
  }
  return true;
}
