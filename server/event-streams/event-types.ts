import { badInput } from '../errors.ts';
import type { EventStreamKind } from '../generated/schema.ts';
import { sourceTypesOf, SSF_EVENT_TYPES } from './set-events.ts';

/** Sent on request only, to the stream that asked. */
export const TEST_EVENT = 'test';

/** The types of events of a WEBHOOK stream. The database writes all but the last (migrations/*-event-streams.ts). */
const WEBHOOK_EVENT_TYPES = [
  'session.started',
  'session.ended',
  'session.refresh_reuse_detected',
  'policy.updated',
  'user.deactivated',
  'user.reactivated',
  'user.password_changed',
  TEST_EVENT,
] as const;

const EVENT_TYPES: Readonly<Record<EventStreamKind, readonly string[]>> = {
  WEBHOOK: WEBHOOK_EVENT_TYPES,
  SSF_PUSH: SSF_EVENT_TYPES,
  SSF_POLL: SSF_EVENT_TYPES,
  BACK_CHANNEL_LOGOUT: ['session.ended'],
};

/** The types that a stream of that kind can have. */
export const eventTypesOf = (kind: EventStreamKind): readonly string[] => EVENT_TYPES[kind];

export interface ChosenTypes {
  eventTypes: readonly string[] | null;
  sourceTypes: readonly string[] | null;
}

/**
 * Returns the chosen types, each once and in the order of the list.
 * @throws BAD_USER_INPUT with `field` eventTypes: an empty list (`reason` REQUIRED), or an unknown type (UNKNOWN)
 */
export const requireEventTypes = (
  kind: EventStreamKind,
  given: readonly string[] | null | undefined,
): ChosenTypes => withSourceTypes(kind, given == null ? null : chosenOf(eventTypesOf(kind), given));

/**
 * Adds the types of the outbox that the chosen ones are made from. Null: all. Of a webhook those of later versions too; the
 * other kinds have no event for every type of the outbox.
 */
export function withSourceTypes(kind: EventStreamKind, eventTypes: readonly string[] | null): ChosenTypes {
  switch (kind) {
    case 'WEBHOOK':
      return { eventTypes, sourceTypes: eventTypes };
    case 'SSF_PUSH':
    case 'SSF_POLL':
      return { eventTypes, sourceTypes: sourceTypesOf(eventTypes) };
    case 'BACK_CHANNEL_LOGOUT':
      return { eventTypes: null, sourceTypes: [...eventTypesOf(kind)] };
    default:
      return kind satisfies never;
  }
}

function chosenOf(known: readonly string[], given: readonly string[]): string[] {
  if (given.length === 0)
    throw badInput('eventTypes', 'Choose at least one event type, or leave eventTypes out for all.', {
      reason: 'REQUIRED',
    });
  if (given.some((type) => !known.includes(type)))
    throw badInput('eventTypes', `Event types of that kind of stream are ${known.join(', ')}.`, {
      reason: 'UNKNOWN',
    });
  return known.filter((type) => given.includes(type));
}
