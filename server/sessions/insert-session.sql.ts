import { sql } from 'kysely';
import { randomBytes, randomUUID } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import type { AppType } from '../generated/schema.ts';
import type { Authentication } from '../rules/authentication.ts';
import type { EffectivePolicy } from '../rules/policy.ts';
import {
  revocationEpochOf,
  REFRESH_STATE_COLUMNS,
  toSessionWithRefreshState,
  type RefreshStateRow,
} from './session-row.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import { rowsOf } from '../database/rows.ts';
import { storedDevice } from './user-agent.ts';

export interface SessionToInsert {
  accountId: string;
  userId: string;
  appType: AppType;
  policy: EffectivePolicy;
  ipAddress: string | null;
  userAgent: string | null;
  /** Absent: not known. */
  authentication?: Authentication;
  /** SHA-256 of the token that another application holds for the session. Absent: there is none. */
  tokenHash?: Uint8Array;
  /** The service key that opens it. Absent: none does. */
  serviceKeyId?: string;
  /** When the person proved at a provider who they are, at the latest now. Absent: with the sign-in. */
  providerAuthenticatedAt?: Date;
  /** An upper limit on the absolute deadline, later than now. It holds after a new authentication too. */
  endsBy?: Date;
  /** Whether its refresh cookies outlast the browser. Absent: they do. */
  isPersistent?: boolean;
  /** Absent: false. */
  isNewDevice?: boolean;
}

/** Inserts a session under `policy`, counted from `now`. The caller holds the locks that keep the policy current. */
export async function insertSession(
  em: EntityManager,
  given: SessionToInsert,
  now: Date,
): Promise<SessionWithRefreshState> {
  const idleSeconds = given.policy.idleMinutes * 60;
  const absoluteSeconds = given.policy.absoluteMinutes * 60;
  const absoluteExpiresAt = earliest(addSeconds(now, absoluteSeconds), given.endsBy);
  const idleExpiresAt = earliest(addSeconds(now, idleSeconds), absoluteExpiresAt);
  const rows = await rowsOf(
    em,
    sql<RefreshStateRow>`
    insert into sessions as s (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
      idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_idle_seconds, token_absolute_seconds,
      token_secret, token_hash, ip_address, user_agent, device, authentication_method, authentication_provider,
      next_check_at, service_key_id, provider_authenticated_at, ends_by, is_persistent, is_new_device, revocation_epoch)
    values (${randomUUID()}, ${given.accountId}, ${given.userId}, ${given.appType}, ${now}, ${now}, ${idleSeconds}, ${absoluteSeconds},
      ${idleExpiresAt}, ${absoluteExpiresAt}, ${now}, ${idleExpiresAt}, ${idleSeconds}, ${absoluteSeconds},
      ${randomBytes(32)}, ${given.tokenHash ?? null}, ${given.ipAddress}, ${given.userAgent}, ${storedDevice(given.userAgent)},
      ${given.authentication?.method ?? null}, ${given.authentication?.providerId ?? null},
      ${idleExpiresAt}, ${given.serviceKeyId ?? null}, ${given.providerAuthenticatedAt ?? null}, ${given.endsBy ?? null},
      ${given.isPersistent ?? true}, ${given.isNewDevice ?? false},
      ${revocationEpochOf(sql`${given.accountId}`)})
    returning ${REFRESH_STATE_COLUMNS}`,
  );
  return toSessionWithRefreshState(rows[0]!);
}

const earliest = (one: Date, other: Date | undefined): Date =>
  other !== undefined && other < one ? other : one;
