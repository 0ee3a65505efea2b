import { EndsOfAnAccountMigration } from './migration-20261121190000-ends-of-an-account.ts';
import { InitialMigration } from './migration-20261121000000-initial.ts';
import { ListsOfLargeAccountsMigration } from './migration-20261121210000-lists-of-large-accounts.ts';
import { PendingEndingsMigration } from './migration-20261121200000-pending-endings.ts';
import { RefreshTokenCheckMigration } from './migration-20261121180000-refresh-token-check.ts';
import { SessionsFromElsewhereMigration } from './migration-20261121120000-sessions-from-elsewhere.ts';

/** In order of application. A name that has landed never changes: it is the key in the migrations table. */
export const migrations = [
  { name: '20261121000000-initial', class: InitialMigration },
  { name: '20261121120000-sessions-from-elsewhere', class: SessionsFromElsewhereMigration },
  { name: '20261121180000-refresh-token-check', class: RefreshTokenCheckMigration },
  { name: '20261121190000-ends-of-an-account', class: EndsOfAnAccountMigration },
  { name: '20261121200000-pending-endings', class: PendingEndingsMigration },
  { name: '20261121210000-lists-of-large-accounts', class: ListsOfLargeAccountsMigration },
];
