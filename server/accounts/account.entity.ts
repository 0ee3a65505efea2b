import { defineEntity, p } from '@mikro-orm/core';

const AccountSchema = defineEntity({
  name: 'Account',
  tableName: 'accounts',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    /** Its id in the back end that created it; unique per installation. */
    externalId: p.text().nullable(),
    /** Overrides of the session policy in minutes; null means the system default. */
    idleMinutes: p.integer().nullable(),
    absoluteMinutes: p.integer().nullable(),
    policyVersion: p.integer(),
    policyUpdatedAt: p.datetime(3).nullable(),
    policyUpdatedById: p.uuid().nullable(),
    createdAt: p.datetime(3),
  },
});

/** A tenant: owns users, their sessions and one session policy. */
export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account);
