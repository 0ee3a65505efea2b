import { isStorable } from '../database/ids.ts';
import { badInput } from '../errors.ts';
import { isObject } from '../is-object.ts';
import { requireReceiverUrl } from './receiver-url.ts';
import { SSF_EVENT_TYPES } from './set-events.ts';
import { POLL_METHOD, PUSH_METHOD } from './ssf-metadata.ts';
import type { StreamConfiguration } from './ssf-stream.ts';
import { requireDescription } from './stream-rules.ts';

// What receivers send to the endpoints of SSF 1.0, section 8. A name that is not known is ignored.

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws BAD_USER_INPUT */
export function requireObject(body: unknown): JsonObject {
  if (isObject(body)) return body;
  throw badInput('body', 'The body must be a JSON object.');
}

/** @throws BAD_USER_INPUT with `field` */
export function requireText(body: JsonObject, field: string): string {
  const text = body[field];
  if (typeof text === 'string' && text !== '') return text;
  throw badInput(field, `${field} must be a text.`);
}

export interface EventTypes {
  /** Null: all. */
  eventTypes: readonly string[] | null;
  unknownTypes: readonly string[];
}

/** The header is undefined where the receiver names none, and null where it is to be removed. */
export type Delivery =
  { kind: 'SSF_POLL' } | { kind: 'SSF_PUSH'; url: string; authorizationHeader: string | null | undefined };

/** What a receiver may choose of a stream. Undefined: not given. */
export interface StreamWishes {
  events: EventTypes | undefined;
  delivery: Delivery | undefined;
  description: string | null | undefined;
}

export interface ReceiverAddresses {
  allowPrivateAddresses: boolean;
}

/** The stream as it is; of one that does not exist yet, what is known. */
export type Expected = Partial<StreamConfiguration>;

/**
 * Reads what the receiver chose. What the transmitter decides may be repeated, and has to be as expected.
 * @throws BAD_USER_INPUT with `field`
 */
export function readWishes(body: JsonObject, expected: Expected, addresses: ReceiverAddresses): StreamWishes {
  requireSame(body, expected);
  const { events_requested: events, delivery, description } = body;
  return {
    events: events === undefined ? undefined : readEvents(events),
    delivery: delivery === undefined ? undefined : readDelivery(delivery, expected, addresses),
    description: description === undefined ? undefined : readDescription(description),
  };
}

const OF_TRANSMITTER = [
  'stream_id',
  'iss',
  'aud',
  'events_supported',
  'events_delivered',
  'min_verification_interval',
  'inactivity_timeout',
] as const;

function requireSame(body: JsonObject, expected: Expected): void {
  for (const name of OF_TRANSMITTER)
    if (body[name] !== undefined && !isSame(body[name], (expected as JsonObject)[name]))
      throw badInput(name, `${name} is not the receiver's to choose.`);
}

/** Lists have no order, and a list of one is that one (an audience may be either). */
const isSame = (given: unknown, expected: unknown): boolean => {
  const [left, right] = [given, expected].map((each): unknown[] => (Array.isArray(each) ? each : [each]));
  return left!.length === right!.length && right!.every((each) => left!.includes(each));
};

const MAX_EVENTS = 100;
const MAX_URI_LENGTH = 500;

function readEvents(given: unknown): EventTypes {
  if (given === null) return { eventTypes: null, unknownTypes: [] };
  const isList =
    Array.isArray(given) &&
    given.length <= MAX_EVENTS &&
    given.every((uri) => typeof uri === 'string' && uri.length <= MAX_URI_LENGTH && isStorable(uri));
  if (!isList)
    throw badInput(
      'events_requested',
      `events_requested must be a list of at most ${MAX_EVENTS} texts of at most ${MAX_URI_LENGTH} characters.`,
    );
  const wanted = new Set(given as string[]);
  return {
    eventTypes: SSF_EVENT_TYPES.filter((uri) => wanted.has(uri)),
    unknownTypes: [...wanted].filter((uri) => !SSF_EVENT_TYPES.includes(uri)),
  };
}

function readDescription(given: unknown): string | null {
  if (given === null || typeof given === 'string') return requireDescription(given);
  throw badInput('description', 'description must be a text.');
}

function readDelivery(
  given: unknown,
  expected: Expected,
  { allowPrivateAddresses }: ReceiverAddresses,
): Delivery {
  if (typeof given !== 'object' || given === null)
    throw badInput('delivery', 'delivery must be an object with a method.');
  const { method, endpoint_url: url, authorization_header: header } = given as JsonObject;
  switch (method) {
    case PUSH_METHOD:
      if (typeof url !== 'string')
        throw badInput('delivery', 'Push delivery needs an endpoint_url of the receiver.');
      return {
        kind: 'SSF_PUSH',
        url: requireReceiverUrl(url, { allowPrivateAddresses }),
        authorizationHeader: readHeader(header),
      };
    case POLL_METHOD: {
      const known = expected.delivery?.method === POLL_METHOD ? expected.delivery.endpoint_url : undefined;
      if (url != null && url !== known)
        throw badInput('delivery', "The endpoint_url of poll delivery is not the receiver's to choose.");
      if (header != null) throw badInput('delivery', 'Poll delivery sends no authorization_header.');
      return { kind: 'SSF_POLL' };
    }
    default:
      throw badInput('delivery', `The method of delivery must be ${PUSH_METHOD} or ${POLL_METHOD}.`);
  }
}

const MAX_HEADER_LENGTH = 2_000;

/** Sent as the `Authorization` header of every push. */
function readHeader(given: unknown): string | null | undefined {
  if (given == null) return given;
  if (
    typeof given === 'string' &&
    given.length <= MAX_HEADER_LENGTH &&
    /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(given)
  )
    return given;
  throw badInput(
    'delivery',
    `An authorization_header has 1 to ${MAX_HEADER_LENGTH} visible ASCII characters.`,
  );
}
