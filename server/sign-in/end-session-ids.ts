import { badInput } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import type { Flow } from '../tokens/flow-token.ts';

/** As many as a policy allows a user at once. */
const MAX_IDS = 100;
/** Of the hash of an id: 72 bits. The names are compared with the few sessions of one user only. */
const NAME_BYTES = 9;

/** Returns the ids. @throws BAD_USER_INPUT with `max` when there are more than 100 */
export function requireEndSessionIds(ids: readonly string[] | null | undefined): readonly string[] {
  if (ids == null) return [];
  if (ids.length <= MAX_IDS) return ids;
  throw badInput('endSessionIds', `endSessionIds names at most ${MAX_IDS} sessions.`, {
    reason: 'OUT_OF_BOUNDS',
    max: MAX_IDS,
  });
}

/** Whether a session is among the ids. */
export function isAmong(ids: readonly string[]): (sessionId: string) => boolean {
  const chosen = new Set(ids);
  return (sessionId) => chosen.has(sessionId);
}

/** The short name of a session in a flow token: a browser keeps the token in a cookie, which has at most 4,096 bytes. */
export const toShortName = (sessionId: string): string =>
  Buffer.from(sha256(sessionId)).subarray(0, NAME_BYTES).toString('base64url');

/** Whether the person chose the session when the flow began. */
export const isChosenIn = (flow: Pick<Flow, 'endSessions'>, sessionId: string): boolean =>
  flow.endSessions.includes(toShortName(sessionId));
