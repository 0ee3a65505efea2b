import { badInput } from '../errors.ts';

/** Sent on request only, to the stream that asked. */
export const TEST_EVENT = 'test';

/** The types of events of a WEBHOOK stream. The database writes all but the last (migrations/*-event-streams.ts). */
export const WEBHOOK_EVENT_TYPES = [
  'session.started',
  'session.ended',
  'session.refresh_reuse_detected',
  'policy.updated',
  'user.deactivated',
  'user.reactivated',
  'user.password_changed',
  TEST_EVENT,
] as const;

/**
 * Returns the chosen types, each once and in the order of the list. Null: all, those of later versions too.
 * @throws BAD_USER_INPUT with `field` eventTypes: an empty list (`reason` REQUIRED), or an unknown type (UNKNOWN)
 */
export function requireWebhookEventTypes(given: readonly string[] | null | undefined): string[] | null {
  if (given == null) return null;
  if (given.length === 0)
    throw badInput('eventTypes', 'Choose at least one event type, or leave eventTypes out for all.', {
      reason: 'REQUIRED',
    });
  const known: readonly string[] = WEBHOOK_EVENT_TYPES;
  if (given.some((type) => !known.includes(type)))
    throw badInput('eventTypes', `Event types of a webhook are ${known.join(', ')}.`, { reason: 'UNKNOWN' });
  return known.filter((type) => given.includes(type));
}
