import { isUuid } from '../database/ids.ts';
import { replaceNul } from '../database/replace-nul.ts';
import { badInput } from '../errors.ts';
import type { AuditFilter } from './audit-list.sql.ts';

/** More than there are. */
const MAX_ACTIONS = 50;

export interface AuditArguments {
  action?: string | null;
  actions?: readonly string[] | null;
  userId?: string | null;
  from?: Date | null;
  to?: Date | null;
}

/** Null: no event matches. @throws BAD_USER_INPUT for too many actions */
export function toAuditFilter(accountId: string, given: AuditArguments): AuditFilter | null {
  const { action = null, actions = null, userId = null, from = null, to = null } = given;
  if (actions && actions.length > MAX_ACTIONS)
    throw badInput('actions', `At most ${MAX_ACTIONS} actions can be asked for at once.`, {
      reason: 'TOO_LONG',
      max: MAX_ACTIONS,
    });
  if (userId !== null && !isUuid(userId)) return null;
  const wanted = wantedActions(action, actions);
  if (wanted?.length === 0) return null;
  return { accountId, actions: wanted && wanted.map(replaceNul), userId, from, to };
}

function wantedActions(one: string | null, several: readonly string[] | null): readonly string[] | null {
  if (one === null) return several;
  return several === null || several.includes(one) ? [one] : [];
}
