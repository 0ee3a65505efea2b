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
const HOUR_SECONDS = 60 * 60;
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
  const links = users.map(({ id, role }) => ({
    userId: id,
    role: role ?? invitedRoles.get(id) ?? null,
    isRequested: false,
  }));
  return insertPasswordLinks(em, links, publicUrl, now);
}

/**
 * Creates a link that the user has asked for by e-mail. Older ones stay valid: anyone who knows the address must not be
 * able to end an invitation that is about to be used.
 */
export async function createRequestedLink(
  em: EntityManager,
  userId: string,
  publicUrl: string,
  now: Date,
): Promise<string> {
  const role = (await findInvitedRoles(em, [userId], now)).get(userId) ?? null;
  const [link] = await insertPasswordLinks(em, [{ userId, role, isRequested: true }], publicUrl, now);
  return link!;
}

/** Every link is made here. */
async function insertPasswordLinks(
  em: EntityManager,
  links: readonly { userId: string; role: Role | null; isRequested: boolean }[],
  publicUrl: string,
  now: Date,
): Promise<string[]> {
  const tokens = links.map(() => randomBytes(TOKEN_BYTES).toString('base64url'));
  await em.insertMany(
    PasswordLink,
    links.map((link, index) => ({
      id: randomUUID(),
      tokenHash: sha256(tokens[index]!),
      ...link,
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

/** Returns a link and its user without using it up. Null: the link is unknown, used or expired. */
export async function findPasswordLink(
  em: EntityManager,
  token: string,
  now: Date,
): Promise<{ link: PasswordLink; user: User } | null> {
  const link = await em.findOne(PasswordLink, {
    tokenHash: sha256(token),
    usedAt: null,
    expiresAt: { $gt: now },
  });
  const user = link && (await em.findOne(User, link.userId));
  return user && { link, user };
}

/** Returns when the user's latest links were made, the newest first: of the last hour, ten at most. */
export async function findRecentLinks(
  em: EntityManager,
  userId: string,
  now: Date,
): Promise<{ createdAt: Date; isRequested: boolean }[]> {
  return em.find(
    PasswordLink,
    { userId, createdAt: { $gt: addSeconds(now, -HOUR_SECONDS) } },
    { orderBy: { createdAt: 'desc' }, limit: 10 },
  );
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
