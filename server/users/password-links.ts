import { sql } from 'kysely';
import { randomBytes, randomUUID } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import type { Role } from '../generated/schema.ts';
import { PasswordLink } from './password-link.entity.ts';
import { User } from '../accounts/user.entity.ts';
import { rowsOf } from '../database/rows.ts';
import { sha256 } from '../sha256.ts';

const VALID_SECONDS = 24 * 60 * 60;
const TOKEN_BYTES = 32;

/** For whom a link is. `role`: the role that it gives. Absent: the role of the open invitation that it replaces. */
export interface LinkFor {
  id: string;
  role?: Role;
}

/** Creates one link, as `createPasswordLinks` does. */
export async function createPasswordLink(
  em: EntityManager,
  user: LinkFor,
  publicUrl: string,
  now: Date,
): Promise<string> {
  const [link] = await createPasswordLinks(em, [user], publicUrl, now);
  return link!;
}

/**
 * Creates a one-time link to set a password for each user, valid for 24 hours. Older links of these users stop working.
 * Every link is made here.
 */
export async function createPasswordLinks(
  em: EntityManager,
  users: readonly LinkFor[],
  publicUrl: string,
  now: Date,
): Promise<string[]> {
  if (users.length === 0) return [];
  const ids = users.map(({ id }) => id);
  const invitedRoles = await findInvitedRoles(em, ids, now);
  await em.nativeUpdate(PasswordLink, { userId: ids, usedAt: null }, { usedAt: now });
  const tokens = users.map(() => randomBytes(TOKEN_BYTES).toString('base64url'));
  await em.insertMany(
    PasswordLink,
    users.map(({ id, role }, index) => ({
      id: randomUUID(),
      userId: id,
      tokenHash: sha256(tokens[index]!),
      role: role ?? invitedRoles.get(id) ?? null,
      createdAt: now,
      expiresAt: addSeconds(now, VALID_SECONDS),
      usedAt: null,
    })),
  );
  // Browsers do not send the fragment, so the token reaches no log.
  return tokens.map((token) => `${publicUrl}/set-password#token=${token}`);
}

/** Returns the roles of open invitations by the id of their user. */
async function findInvitedRoles(
  em: EntityManager,
  userIds: readonly string[],
  now: Date,
): Promise<Map<string, Role>> {
  const rows = await rowsOf(
    em,
    sql<{ user_id: string; role: Role }>`
    select user_id, role from password_links
    where user_id = any(${[...userIds]}::uuid[]) and used_at is null and expires_at > ${now} and role is not null`,
  );
  return new Map(rows.map(({ user_id, role }) => [user_id, role]));
}

/** Revokes every open link of the user, and with it the role of an open invitation. */
export async function revokePasswordLinks(em: EntityManager, userId: string, now: Date): Promise<void> {
  await em.nativeUpdate(PasswordLink, { userId, usedAt: null }, { usedAt: now });
}

/** Deletes every link of users who are deleted. */
export async function deletePasswordLinks(em: EntityManager, userIds: readonly string[]): Promise<void> {
  await em.nativeDelete(PasswordLink, { userId: [...userIds] });
}

/** Returns the user of a link without using it up. Null: the link is unknown, used or expired. */
export async function findPasswordLinkUser(
  em: EntityManager,
  token: string,
  now: Date,
): Promise<User | null> {
  const link = await em.findOne(PasswordLink, {
    tokenHash: sha256(token),
    usedAt: null,
    expiresAt: { $gt: now },
  });
  return link && em.findOne(User, link.userId);
}

/**
 * Uses up a link of the user and returns its role. Null: the link is unknown, used or expired. Of two concurrent calls
 * one succeeds.
 */
export async function consumePasswordLink(
  em: EntityManager,
  userId: string,
  token: string,
  now: Date,
): Promise<{ role: Role | null } | null> {
  const rows = await rowsOf(
    em,
    sql<{ role: Role | null }>`
    update password_links set used_at = ${now}
    where token_hash = ${sha256(token)} and user_id = ${userId} and used_at is null and expires_at > ${now}
    returning role`,
  );
  return rows[0] ?? null;
}
