import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';

/**
 * Tells whether the user who has this sign-in e-mail now existed at a time of whole seconds. A browser remembers e-mails;
 * one that is free again may belong to another person.
 */
export function createKnownUsers({ database }: { database: Database }) {
  return async (email: string, at: Date): Promise<boolean> => {
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql`select 1 from users where sign_in_email = ${email} and created_at < ${addSeconds(at, 1)}`,
      ),
    );
    return rows.length === 1;
  };
}
