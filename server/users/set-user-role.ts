import { sql } from 'kysely';
import type { Account } from '../accounts/account.entity.ts';
import type { User } from '../accounts/user.entity.ts';
import type { EntityManager } from '../database/database.ts';
import type { Role } from '../generated/schema.ts';
import { policyOf } from '../rules/account-policy.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import { policyInForce } from '../rules/policy-rules.ts';
import { applyPolicy, writePendingPolicies, type PolicyApplied } from '../sessions/policy-application.sql.ts';
import { requireAnotherOwner } from './last-owner.ts';
import { lockUser } from './lock-user.ts';
import { revokePasswordLinks } from './password-links.ts';
import {
  accountOf,
  lockForChange,
  recordUserChange,
  type ChangedBy,
  type ChangedByOperator,
  type UserAdministration,
} from './user-administration.ts';

export type RoleAdministration = Omit<UserAdministration, 'publicUrl'> & { bounds: PolicyBounds };

/**
 * Sets a user's role and revokes their password links. Another role counts like an applied policy for that user: their
 * live sessions get the shorter of their limits and those of the role, and those already past these end.
 * @throws NOT_FOUND, BAD_USER_INPUT with `reason` LAST_OWNER
 */
export async function setUserRole(
  administration: RoleAdministration,
  by: ChangedBy | ChangedByOperator,
  userId: string,
  role: Role,
): Promise<User> {
  const { database, audit, bus, clock, bounds } = administration;
  const accountId = accountOf(by);
  const { user, applied } = await database.accountTransaction(accountId, async (em) => {
    const account = await lockForChange(em, by, administration);
    const user = await lockUser(em, accountId, userId);
    const now = clock.now();
    if (role !== 'OWNER') await requireAnotherOwner(em, user, 'role');
    // Also when the role is unchanged: an open invitation carries a role, which would apply later.
    await revokePasswordLinks(em, user.id, now);
    if (user.role === role) return { user, applied: UNCHANGED };
    const old = user.role;
    const applied = await changeRole(em, account, user, role, bounds, now);
    const details = {
      old,
      new: role,
      ended_count: applied.endedIds.length,
      shortened_count: applied.shortenedIds.length,
    };
    await recordUserChange(audit, em, by, { action: 'user.role_changed', userId: user.id, details }, now);
    return { user, applied };
  });
  bus.publish({ accountId, kind: 'ENDED', reason: 'POLICY_CHANGED', sessionIds: applied.endedIds });
  bus.publish({ accountId, kind: 'SHORTENED', sessionIds: applied.shortenedIds });
  bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });
  return user;
}

const UNCHANGED: PolicyApplied = { endedIds: [], shortenedIds: [] };

/**
 * Writes the role, and the account's policy into the user's live sessions. The caller holds the account's lock. A pending
 * policy is written first: its limits are those of the role from before.
 */
async function changeRole(
  em: EntityManager,
  account: Account,
  user: User,
  role: Role,
  bounds: PolicyBounds,
  now: Date,
): Promise<PolicyApplied> {
  await writePendingPolicies(em, sql`s.account_id = ${account.id} and s.user_id = ${user.id}`);
  user.role = role;
  await em.flush();
  const scope = { accountId: account.id, userId: user.id };
  return applyPolicy(em, scope, policyInForce(policyOf(account), bounds), now);
}
