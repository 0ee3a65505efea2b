import { defineEntity, p } from '@mikro-orm/core';
import type { Role } from '../generated/schema.ts';

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    /** Their id in the application that opens their sessions; unique per account. */
    externalId: p.text().nullable(),
    name: p.text(),
    /** As it was given: a label. */
    email: p.text(),
    /** The lower-case address that signs in, unique per installation; null for whoever cannot sign in here. */
    signInEmail: p.text().nullable(),
    role: p.text().$type<Role>(),
    isActive: p.boolean(),
    /** argon2id in PHC format; null until the one-time link was used. */
    passwordHash: p.text().nullable(),
    /** Moves with every change of the password, so that a sign-in begun with the old one fails. */
    passwordVersion: p.integer(),
    lastLoginAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
  },
});

export class User extends UserSchema.class {}
UserSchema.setClass(User);
