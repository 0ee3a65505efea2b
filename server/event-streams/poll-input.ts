import { isUuid } from '../database/ids.ts';
import { badInput } from '../errors.ts';
import { isObject } from '../is-object.ts';
import { SET_ERROR_CODES } from './set-error-codes.ts';
import { requireObject } from './ssf-stream-input.ts';

/** The request of RFC 8936, section 2.2. Ids that are none of ours are left out. */
export interface PollRequest {
  /** 0: nothing, the request only acknowledges. */
  maxEvents: number;
  returnImmediately: boolean;
  acknowledged: readonly string[];
  /** Deliveries that the receiver cannot take, and why. */
  refused: readonly { id: string; error: string }[];
}

/** What one answer has at most: each token is signed for it. */
const MAX_EVENTS_OF_ANSWER = 100;
const MAX_IDS = 1_000;

/** @throws BAD_USER_INPUT with `field` */
export function readPollRequest(body: unknown): PollRequest {
  const { maxEvents, returnImmediately, ack, setErrs } = requireObject(body);
  return {
    maxEvents: readMaxEvents(maxEvents),
    returnImmediately: readFlag(returnImmediately),
    acknowledged: readAcknowledged(ack),
    refused: readRefused(setErrs),
  };
}

function readMaxEvents(given: unknown): number {
  if (given == null) return MAX_EVENTS_OF_ANSWER;
  if (Number.isInteger(given) && (given as number) >= 0)
    return Math.min(given as number, MAX_EVENTS_OF_ANSWER);
  throw badInput('maxEvents', 'maxEvents must be a whole number from 0 up.');
}

function readFlag(given: unknown): boolean {
  if (given == null) return false;
  if (typeof given === 'boolean') return given;
  throw badInput('returnImmediately', 'returnImmediately must be true or false.');
}

function readAcknowledged(given: unknown): string[] {
  if (given == null) return [];
  if (Array.isArray(given) && given.length <= MAX_IDS && given.every((id) => typeof id === 'string'))
    return (given as string[]).filter(isUuid);
  throw badInput('ack', `ack must be a list of at most ${MAX_IDS} texts.`);
}

function readRefused(given: unknown): PollRequest['refused'] {
  if (given == null) return [];
  const entries = isObject(given) ? Object.entries(given) : null;
  if (!entries || entries.length > MAX_IDS || entries.some(([, error]) => !isObject(error)))
    throw badInput('setErrs', `setErrs must be an object with at most ${MAX_IDS} objects that have an err.`);
  return entries
    .filter(([id]) => isUuid(id))
    .map(([id, error]) => ({ id, error: describeRefusal((error as { err?: unknown }).err) }));
}

/** Fixed words and registered codes only: owners read it. */
const describeRefusal = (code: unknown): string =>
  typeof code === 'string' && SET_ERROR_CODES.includes(code)
    ? `The receiver could not take the event (${code}).`
    : 'The receiver could not take the event.';
