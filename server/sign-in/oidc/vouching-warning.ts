import { sql } from 'kysely';
import type { ProviderSettings } from '../../config/providers.ts';
import type { Database } from '../../database/database.ts';
import type { Logger } from '../../logger.ts';
import { isUnlimited } from '../../rules/vouching.ts';
import { rowsOf } from '../../database/rows.ts';

/** Warns if there are several accounts: the operator of an unlimited provider can sign in as any user of each. */
export async function warnOfUnlimitedProviders(
  providers: readonly ProviderSettings[],
  { database, logger }: { database: Database; logger: Logger },
): Promise<void> {
  const ids = providers.filter(isUnlimited).map(({ id }) => id);
  if (ids.length === 0) return;
  const rows = await rowsOf(database.em(), sql`select 1 from accounts where deleted_at is null limit 2`);
  if (rows.length < 2) return;
  logger.warn(
    { part: 'oidc', providers: ids },
    'these identity providers vouch for users of every account: set emailDomains or accountIds in OIDC_PROVIDERS',
  );
}
