import { sql } from 'kysely';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/orm.ts';
import { PasswordLink } from './password-link.entity.ts';
import { User } from './user.entity.ts';

const VALID_SECONDS = 24 * 60 * 60;
const TOKEN_BYTES = 32;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** A one-time link to set a password, valid for 24 hours. Older links of the user stop working. */
export async function createPasswordLink(
  em: EntityManager,
  userId: string,
  publicUrl: string,
  now: Date,
): Promise<string> {
  await em.nativeUpdate(PasswordLink, { userId, usedAt: null }, { usedAt: now });
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await em.insert(PasswordLink, {
    id: randomUUID(),
    userId,
    tokenHash: hashOf(token),
    createdAt: now,
    expiresAt: addSeconds(now, VALID_SECONDS),
    usedAt: null,
  });
  // In the fragment: browsers send it to nobody, so it reaches no log.
  return `${publicUrl}/set-password#token=${token}`;
}

/** Whose link this is, without using it up; null when it is unknown, used or past its day. */
export async function findPasswordLinkHolder(
  em: EntityManager,
  token: string,
  now: Date,
): Promise<User | null> {
  const link = await em.findOne(PasswordLink, {
    tokenHash: hashOf(token),
    usedAt: null,
    expiresAt: { $gt: now },
  });
  return link && em.findOne(User, link.userId);
}

/** Uses the link up; false when it is unknown, used or past its day. One of two racers wins. */
export async function consumePasswordLink(em: EntityManager, token: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update password_links set used_at = ${now}
    where token_hash = ${hashOf(token)} and used_at is null and expires_at > ${now}
    returning id`.execute(em.getKysely());
  return rows.length === 1;
}
