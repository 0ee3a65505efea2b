import { openSocket, subscribeMessage, type RawSocket } from '../expiry/raw-socket.ts';
import { tell, TOLD_NOTHING, type ExpiryEvent, type Told } from './expiry-model.ts';
import type { Node } from './installation.ts';
import type { AccessToken, ModelSession } from './session-model.ts';

/**
 * One subscription of `sessionExpiry` on its own socket, compared with the events of the model. A node that misses a
 * message sends the change a little later, with the state of that moment; so there may be several candidates for the
 * sent state.
 */
export interface Subscriber {
  readonly session: ModelSession;
  readonly node: number;
  readonly raw: RawSocket;
  candidates: Candidate[];
  /** Number of checked events of the socket. */
  settled: number;
  /** Since when it expects more; null: it has got everything. */
  waitsSince: number | null;
}

interface Candidate {
  told: Told;
  expected: ExpiryEvent[];
}

export const openSubscriber = (session: ModelSession, node: number, raw: RawSocket): Subscriber => ({
  session,
  node,
  raw,
  candidates: [{ told: TOLD_NOTHING, expected: [] }],
  settled: 0,
  waitsSince: null,
});

/** A socket that has sent its subscription, or its refusal. The server has read all of it. */
export async function subscribe(
  node: Pick<Node, 'url'>,
  { token }: AccessToken,
): Promise<{ raw: RawSocket } | { refused: { code: number; reason: string } }> {
  const raw = openSocket(node);
  await raw.opened;
  raw.send({ type: 'connection_init', payload: { accessToken: token } });
  const refused = await Promise.race([
    raw.next(({ type }) => type === 'connection_ack').then(() => null),
    raw.closed,
  ]);
  if (refused) return { refused };
  raw.send(subscribeMessage('expiry'));
  await deliver(raw);
  return { raw };
}

/** Resolves when everything sent so far has arrived: messages keep their order. */
export async function deliver(raw: RawSocket): Promise<void> {
  if (raw.socket.readyState !== raw.socket.OPEN) return void (await raw.closed);
  raw.send({ type: 'ping' });
  await Promise.race([raw.next(({ type }) => type === 'pong'), raw.closed]);
}

const heardBy = ({ raw, settled }: Subscriber): ExpiryEvent[] =>
  raw.messages
    .filter(({ type }) => type === 'next')
    .slice(settled)
    .map(({ payload }) => payload.data?.sessionExpiry ?? payload);

export type Judgement =
  | { state: 'told'; isOver: boolean; heard: ExpiryEvent[] }
  /** It is to hear more. */
  | { state: 'waits'; expected: ExpiryEvent[]; heard: [] };

/** Compares received events with due ones. @throws after an unexpected event */
export function judge(subscriber: Subscriber, now: number): Judgement {
  const { session, candidates } = subscriber;
  const heard = heardBy(subscriber);
  const looked = candidates.map(({ told, expected }) => {
    const step = tell(session, told, now);
    return { told: step.told, expected: [...expected, ...step.events] };
  });
  const isOver = session.end !== null;
  const isPastDeadline = now >= Math.min(session.idleExpiresAt, session.absoluteExpiresAt);
  const complete = looked.find(({ expected }) => isEqual(heard, expected));
  if (complete && (isOver || !isPastDeadline)) {
    subscriber.settled += heard.length;
    subscriber.waitsSince = null;
    subscriber.candidates = [{ told: complete.told, expected: [] }];
    return { state: 'told', isOver, heard };
  }

  subscriber.waitsSince ??= now;
  subscriber.candidates = distinct([...candidates, ...looked]);
  const isPossible = subscriber.candidates.some(({ expected }) =>
    isEqual(heard, expected.slice(0, heard.length)),
  );
  if (!isPossible) expect(heard).toEqual(looked.at(-1)!.expected);
  return { state: 'waits', expected: looked.at(-1)!.expected, heard: [] };
}

/** A stricter policy was applied and brought a deadline of the session closer. */
export function noteShortened(subscriber: Subscriber): void {
  for (const candidate of subscriber.candidates) candidate.told = { ...candidate.told, isShortened: true };
}

/** The user authenticated again. What was shortened before is part of that. */
export function noteReauthenticated(subscriber: Subscriber): void {
  for (const candidate of subscriber.candidates)
    candidate.told = { ...candidate.told, isReauthenticated: true };
}

/** Events that need only a message of their own node, or a deadline. */
const NEWS = new Set(['EXTENDED', 'SHORTENED', 'REVOKED']);
export const isNews = (expected: readonly ExpiryEvent[]): boolean =>
  expected.some(({ kind }) => NEWS.has(kind));

const textOf = (value: object): string => JSON.stringify(value, Object.keys(value).sort());
const isEqual = (one: readonly ExpiryEvent[], other: readonly ExpiryEvent[]): boolean =>
  one.length === other.length && one.every((event, index) => textOf(event) === textOf(other[index]!));

const distinct = (candidates: readonly Candidate[]): Candidate[] => [
  ...new Map(candidates.map((candidate) => [JSON.stringify(candidate), candidate])).values(),
];
