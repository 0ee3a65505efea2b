import { defineEntity, p } from '@mikro-orm/core';
import type { AppType, Role, SessionLimitAction } from '../generated/schema.ts';

/** A rule of the session policy as the row has it. Limits in minutes; null: every role or application type. */
export interface StoredPolicyRule {
  role: Role | null;
  appType: AppType | null;
  idleMinutes: number;
  absoluteMinutes: number;
}

const AccountSchema = defineEntity({
  name: 'Account',
  tableName: 'accounts',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    /** The account's id in the back end that created it. Unique per installation. */
    externalId: p.text().nullable(),
    /** Overrides of the session policy, in minutes. Null: the system default. */
    idleMinutes: p.integer().nullable(),
    absoluteMinutes: p.integer().nullable(),
    policyRules: p.json().$type<readonly StoredPolicyRule[]>().default('[]'),
    /** How many live sessions a user may have. Null: no limit. */
    maxSessionsPerUser: p.integer().nullable(),
    /** Null: DENY. */
    sessionLimitAction: p.text().$type<SessionLimitAction>().nullable(),
    policyVersion: p.integer(),
    policyUpdatedAt: p.datetime(3).nullable(),
    policyUpdatedById: p.uuid().nullable(),
    createdAt: p.datetime(3),
    /** When it was deleted. Its row stays without a name, for the audit trail. Null: it exists. */
    deletedAt: p.datetime(3).nullable(),
    /** The demo account, which is created once. */
    isDemo: p.boolean().default(false),
  },
});

/** A tenant, with its users, their sessions and one session policy. */
export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account);
