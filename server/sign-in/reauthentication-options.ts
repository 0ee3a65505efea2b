import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { Viewer } from '../rules/caller.ts';
import { findLinkedProviders, type Vouching } from '../rules/vouching.ts';
import type { CanReauthenticate } from '../sessions/can-reauthenticate.ts';

/** By what a user can authenticate again in their session. */
export interface ReauthenticationOptions {
  password: boolean;
  /** In the order of the configuration. */
  providers: { id: string; name: string }[];
}

/** Reads what `reauthenticate`, and `startOAuthLogin` with `reauthenticate`, would take from this user. */
export type ReadReauthenticationOptions = (viewer: Viewer) => Promise<ReauthenticationOptions>;

interface Row {
  hasPassword: boolean;
  signInEmail: string | null;
  issuers: string[];
}

export function createReauthenticationOptions({
  database,
  providers,
  canReauthenticate,
}: {
  database: Database;
  /** The configured identity providers. */
  providers: readonly (Vouching & { id: string; name: string; issuer: string })[];
  canReauthenticate: CanReauthenticate;
}): ReadReauthenticationOptions {
  const linkedProviders = findLinkedProviders(providers);
  return async ({ session, userId, accountId }) => {
    if (!(await canReauthenticate(session.id))) return { password: false, providers: [] };
    const [row] = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<Row>`
        select u.password_hash is not null as "hasPassword", u.sign_in_email as "signInEmail",
          array(select i.issuer from user_identities i where i.user_id = u.id) as issuers
        from users u where u.id = ${userId}`,
      ),
    );
    if (!row) return { password: false, providers: [] };
    const { hasPassword, signInEmail, issuers } = row;
    return {
      password: hasPassword,
      providers: linkedProviders({ signInEmail, issuers, accountId }).map(({ id, name }) => ({ id, name })),
    };
  };
}
