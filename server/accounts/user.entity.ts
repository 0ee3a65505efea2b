import { defineEntity, p } from '@mikro-orm/core';
import type { Role } from '../generated/schema.ts';

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    /** The user's id in the application that creates their sessions. Unique per account. */
    externalId: p.text().nullable(),
    name: p.text(),
    /** As entered. A label: `signInEmail` is the address that signs in. */
    email: p.text(),
    /** The lower-case address that signs in, unique per installation. Null: the user cannot sign in here. */
    signInEmail: p.text().nullable(),
    role: p.text().$type<Role>(),
    /** Whether they may sign in: no owner has deactivated them, and no event source has disabled them. */
    isActive: p.boolean(),
    /** What `isActive` becomes when no event source disables them any more. Null: none does. */
    isActiveWhenEnabled: p.boolean().nullable(),
    /** argon2id in PHC format. Null until a one-time link is used. */
    passwordHash: p.text().nullable(),
    /** Increases with every change of the password, so that a sign-in started with the old one fails. */
    passwordVersion: p.integer(),
    lastLoginAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    /** When they were deleted. The row stays as a pseudonym in the audit trail. Null: they exist. */
    deletedAt: p.datetime(3).nullable(),
  },
});

export class User extends UserSchema.class {}
UserSchema.setClass(User);
