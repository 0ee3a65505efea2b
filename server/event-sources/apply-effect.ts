import { User } from '../accounts/user.entity.ts';
import type { Audit, AuditEntry } from '../audit/audit.ts';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { revokeSessions } from '../sessions/revoke.sql.ts';
import { isLastOwner } from '../users/last-owner.ts';
import { disableUser, enableUser, storeDecision } from './disabled-users.sql.ts';
import type { Effect } from './effects.ts';
import type { EventSourceView } from './event-source.ts';
import { CLOCK_DIFFERENCE_SECONDS } from './token-rules.ts';

/** What a source asks for. */
export interface Instruction {
  source: EventSourceView;
  userId: string;
  effect: Effect;
  /** As the audit trail names it. */
  event: string;
  /** When the transmitter said so. */
  issuedAt: Date;
  /** The address of the request. */
  ipAddress: string | null;
}

/** What was changed, to be published after the commit. */
export interface Applied {
  accountId: string;
  endedIds: readonly string[];
  /** Whether the user may sign in has changed. */
  isStandingChanged: boolean;
}

/**
 * Ends, disables or enables, with an audit row whose actor is the issuer, in a transaction that has locked the account.
 *
 * An event may come late. Sessions of a sign-in after it are kept, but for a difference between the clocks; and what a source
 * said later about a user counts. The last active owner of an account can sign in again: no transmitter may lock an
 * account out.
 */
export async function applyEffect(
  em: EntityManager,
  instruction: Instruction,
  audit: Audit,
  now: Date,
): Promise<Applied> {
  const { source, userId, effect, issuedAt } = instruction;
  const { id: sourceId, accountId } = source;
  const record = (action: AuditEntry['action'], details: Record<string, unknown>): Promise<void> =>
    audit.record(
      em,
      {
        accountId,
        action,
        actor: { id: null, name: source.issuer },
        resource: { type: 'user', id: userId },
        details: { ...details, event: instruction.event, event_source_id: sourceId },
        ipAddress: instruction.ipAddress,
      },
      now,
    );

  if (effect === 'enable') {
    const isNew = await storeDecision(em, { sourceId, userId, isDisabled: false, decidedAt: issuedAt });
    const isEnabled = isNew && (await enableUser(em, userId));
    if (isEnabled) await record('user.reactivated', {});
    return { accountId, endedIds: [], isStandingChanged: isEnabled };
  }

  const disables = effect === 'disable';
  const user = await em.findOneOrFail(User, userId, { refresh: true });
  const isKept = disables && (await isLastOwner(em, user));
  const isDisabled =
    disables &&
    !isKept &&
    (await storeDecision(em, { sourceId, userId, isDisabled: true, decidedAt: issuedAt }));
  const signedInBy = isDisabled ? undefined : addSeconds(issuedAt, CLOCK_DIFFERENCE_SECONDS);
  const scope = { accountId, userId, ...(signedInBy && { signedInBy }) };
  const endedIds = await revokeSessions(em, scope, 'SECURITY_EVENT', now);
  const isDeactivated = isDisabled && (await disableUser(em, userId));
  if (isDeactivated) await record('user.deactivated', { ended_sessions: endedIds.length });
  else if (endedIds.length > 0 || isKept)
    await record('user.sessions_revoked', {
      revoked_count: endedIds.length,
      ...(isKept && { last_owner: true }),
    });
  return { accountId, endedIds, isStandingChanged: isDeactivated };
}

export function publishApplied(bus: SessionBus, { accountId, endedIds, isStandingChanged }: Applied): void {
  if (endedIds.length > 0)
    bus.publish({ accountId, kind: 'ENDED', reason: 'SECURITY_EVENT', sessionIds: endedIds });
  if (isStandingChanged) bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });
}
