import { AccountRevocationsMigration } from './migration-20261129100000-account-revocations.ts';
import { AuditSubjectsMigration } from './migration-20261129171500-audit-subjects.ts';
import { DeletionMigration } from './migration-20261129150000-deletion.ts';
import { DevicesOfSessionsMigration } from './migration-20261129180000-devices-of-sessions.ts';
import { EndsOfAnAccountMigration } from './migration-20261121190000-ends-of-an-account.ts';
import { InitialMigration } from './migration-20261121000000-initial.ts';
import { ListOfUsersMigration } from './migration-20261129180000-list-of-users.ts';
import { ListsOfLargeAccountsMigration } from './migration-20261121210000-lists-of-large-accounts.ts';
import { NodesOfVersion01Migration } from './migration-20261129160000-nodes-of-version-0-1.ts';
import { PageFollowsColumnsMigration } from './migration-20261129150000-page-follows-columns.ts';
import { PageOfLiveSessionsByNameMigration } from './migration-20261129165000-page-of-live-sessions-by-name.ts';
import { PageOfLiveSessionsMigration } from './migration-20261129140000-page-of-live-sessions.ts';
import { PendingEndingsMigration } from './migration-20261121200000-pending-endings.ts';
import { PolicyApplicationsMigration } from './migration-20261129120000-policy-applications.ts';
import { RecentRotationsMigration } from './migration-20261128110000-recent-rotations.ts';
import { RefreshTokenCheckMigration } from './migration-20261121180000-refresh-token-check.ts';
import { RequestedPasswordLinksMigration } from './migration-20261129170500-requested-password-links.ts';
import { RoleOfAnInvitationMigration } from './migration-20261128120000-role-of-an-invitation.ts';
import { ServiceKeysOfOwnersMigration } from './migration-20261129201000-service-keys-of-owners.ts';
import { SessionsFromElsewhereMigration } from './migration-20261121120000-sessions-from-elsewhere.ts';
import { SignInMethodMigration } from './migration-20261129172000-sign-in-method.ts';
import { SignInFailuresMigration } from './migration-20261129130000-sign-in-failures.ts';

/** In order of application. A name that has landed never changes: it is the key in the migrations table. */
export const migrations = [
  { name: '20261121000000-initial', class: InitialMigration },
  { name: '20261121120000-sessions-from-elsewhere', class: SessionsFromElsewhereMigration },
  { name: '20261121180000-refresh-token-check', class: RefreshTokenCheckMigration },
  { name: '20261121190000-ends-of-an-account', class: EndsOfAnAccountMigration },
  { name: '20261121200000-pending-endings', class: PendingEndingsMigration },
  { name: '20261121210000-lists-of-large-accounts', class: ListsOfLargeAccountsMigration },
  { name: '20261128110000-recent-rotations', class: RecentRotationsMigration },
  { name: '20261128120000-role-of-an-invitation', class: RoleOfAnInvitationMigration },
  { name: '20261129100000-account-revocations', class: AccountRevocationsMigration },
  { name: '20261129120000-policy-applications', class: PolicyApplicationsMigration },
  { name: '20261129130000-sign-in-failures', class: SignInFailuresMigration },
  { name: '20261129140000-page-of-live-sessions', class: PageOfLiveSessionsMigration },
  { name: '20261129150000-deletion', class: DeletionMigration },
  { name: '20261129150000-page-follows-columns', class: PageFollowsColumnsMigration },
  { name: '20261129160000-nodes-of-version-0-1', class: NodesOfVersion01Migration },
  { name: '20261129165000-page-of-live-sessions-by-name', class: PageOfLiveSessionsByNameMigration },
  { name: '20261129170500-requested-password-links', class: RequestedPasswordLinksMigration },
  { name: '20261129171500-audit-subjects', class: AuditSubjectsMigration },
  { name: '20261129172000-sign-in-method', class: SignInMethodMigration },
  { name: '20261129180000-devices-of-sessions', class: DevicesOfSessionsMigration },
  { name: '20261129180000-list-of-users', class: ListOfUsersMigration },
  { name: '20261129201000-service-keys-of-owners', class: ServiceKeysOfOwnersMigration },
];
