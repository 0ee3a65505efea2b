import { defineEntity, p, Uint8ArrayType } from '@mikro-orm/core';
import type { Role } from '../generated/schema.ts';

const PasswordLinkSchema = defineEntity({
  name: 'PasswordLink',
  tableName: 'password_links',
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    /** SHA-256 of the 256-bit token. The token is shown once and never stored. */
    tokenHash: p.type(Uint8ArrayType),
    /** The user's role once the link of an invitation is used. Null: the link only sets a password. */
    role: p.text().$type<Role>().nullable(),
    /** Whether the person asked for it, by `requestPasswordReset`. */
    isRequested: p.boolean().default(false),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    usedAt: p.datetime(3).nullable(),
  },
});

export class PasswordLink extends PasswordLinkSchema.class {}
PasswordLinkSchema.setClass(PasswordLink);
