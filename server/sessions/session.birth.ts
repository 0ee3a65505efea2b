import { sql } from 'kysely';
import { randomBytes, randomUUID } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/orm.ts';
import type { AppType } from '../generated/schema.ts';
import type { EffectivePolicy } from '../policies/policy.ts';
import {
  endingsOf,
  RENEWABLE_SESSION_COLUMNS,
  toRenewableSession,
  type RenewableSessionRow,
} from './session.row.ts';
import type { RenewableSession } from './session.ts';

export interface NewSession {
  accountId: string;
  userId: string;
  appType: AppType;
  policy: EffectivePolicy;
  ipAddress: string | null;
  userAgent: string | null;
  /** SHA-256 of the token by which another application knows the session; absent where there is none. */
  tokenHash?: Uint8Array;
  /** A moment beyond which the session may not live, whatever the policy says. Later than now. */
  endsBy?: Date;
}

/** Inserts a session that lives by `policy` from `now` on. The caller holds the locks that make the policy true. */
export async function insertSession(
  em: EntityManager,
  given: NewSession,
  now: Date,
): Promise<RenewableSession> {
  const idleSeconds = given.policy.idleMinutes * 60;
  const absoluteSeconds = given.policy.absoluteMinutes * 60;
  const absoluteExpiresAt = earliest(addSeconds(now, absoluteSeconds), given.endsBy);
  const idleExpiresAt = earliest(addSeconds(now, idleSeconds), absoluteExpiresAt);
  const { rows } = await sql<RenewableSessionRow>`
    insert into sessions as s (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
      idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_idle_seconds, token_absolute_seconds,
      token_secret, token_hash, ip_address, user_agent, next_check_at, born_after)
    values (${randomUUID()}, ${given.accountId}, ${given.userId}, ${given.appType}, ${now}, ${now}, ${idleSeconds}, ${absoluteSeconds},
      ${idleExpiresAt}, ${absoluteExpiresAt}, ${now}, ${idleExpiresAt}, ${idleSeconds}, ${absoluteSeconds},
      ${randomBytes(32)}, ${given.tokenHash ?? null}, ${given.ipAddress}, ${given.userAgent}, ${idleExpiresAt},
      ${endingsOf(sql`${given.accountId}`)})
    returning ${RENEWABLE_SESSION_COLUMNS}`.execute(em.getKysely());
  return toRenewableSession(rows[0]!);
}

const earliest = (one: Date, other: Date | undefined): Date =>
  other !== undefined && other < one ? other : one;
