import { sql } from 'kysely';
import { networkOf } from '../addresses.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { KNOWN_SECONDS } from './known-devices.ts';
import { rowsOf } from '../database/rows.ts';

/** Only the latest sign-ins are read: a user with more within 30 days signs in where they usually are. */
const MAX_SIGN_INS = 200;

/**
 * Tells whether the user with this sign-in e-mail signed in from the network within 30 days, as far as session rows are
 * kept. Sessions created or imported by an application do not count: the application reported their addresses.
 */
export function createKnownNetworks({ database, clock }: { database: Database; clock: Clock }) {
  return async (email: string, network: string): Promise<boolean> => {
    const since = addSeconds(clock.now(), -KNOWN_SECONDS);
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<{ ip_address: string | null }>`
        select s.ip_address from users u
        join lateral (
          select ip_address from sessions
          where user_id = u.id and authenticated_at > ${since} and token_hash is null and not is_imported
          order by authenticated_at desc, id desc limit ${MAX_SIGN_INS}
        ) s on true
        where u.sign_in_email = ${email}`,
      ),
    );
    return network !== 'unknown' && rows.some(({ ip_address }) => networkOf(ip_address) === network);
  };
}
