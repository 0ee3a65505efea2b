import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { AppError, notFound } from '../errors.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { invalidServiceKey, type StreamManager } from '../rules/caller.ts';
import { readPollRequest, type PollRequest } from './poll-input.ts';
import type { PollWaiters } from './poll-waiters.ts';
import { eraseEventsOfDeleted } from './purge.sql.ts';
import { hasMorePolled, storeAcknowledged, storeRefused, takePolled } from './poll.sql.ts';
import type { SecurityEventTokens } from './security-event-token.ts';
import { readSsfStream } from './ssf-streams.sql.ts';

/** The answer of RFC 8936, section 2.3. */
export interface PollAnswer {
  /** Tokens by their `jti`, in the order of the events. */
  sets: Record<string, string>;
  moreAvailable: boolean;
}

/**
 * Polls of security event tokens (RFC 8936). What the receiver does not acknowledge is returned again, by the next poll.
 */
export interface SsfPolls {
  /**
   * Without events it waits for some, for `WAIT_MS`, unless the receiver asks for an answer at once or `signal` fires.
   * @throws UNAUTHENTICATED, NOT_FOUND for what is no poll stream of the account, BAD_USER_INPUT with `field`, and
   * RATE_LIMITED for more than `MAX_OPEN_POLLS` of a stream
   */
  poll(manager: StreamManager, streamId: string, body: unknown, signal: AbortSignal): Promise<PollAnswer>;
  /** Answers those that wait, and from now on each at once. */
  endWaiting(): void;
}

/** Below the timeouts of proxies, which are 30 or 60 seconds. */
const WAIT_MS = 25_000;
/** Of one stream at a time, on each node. */
const MAX_OPEN_POLLS = 4;

export function createSsfPolls(dependencies: {
  database: Database;
  clock: Clock;
  metrics: Metrics;
  tokens: SecurityEventTokens;
  waiters: PollWaiters;
  serviceKeys: { isValid(keyId: string): Promise<boolean> };
}): SsfPolls {
  const { database, clock, metrics, tokens, waiters, serviceKeys } = dependencies;
  const open = new Map<string, number>();
  const ended = new AbortController();

  /** Again after the body, and after the wait. */
  async function requireValid({ keyId }: StreamManager): Promise<void> {
    if (!(await serviceKeys.isValid(keyId))) throw invalidServiceKey({ serviceKeyId: keyId });
  }

  async function requirePollStream({ accountId }: StreamManager, id: string): Promise<void> {
    const { kind } = await database.withTimeout(readSsfStream(database.em(), { id, accountId }));
    if (kind !== 'SSF_POLL') throw notFound('Event stream');
  }

  async function store(streamId: string, { acknowledged, refused }: PollRequest): Promise<void> {
    const now = clock.now();
    const finished: string[] = [];
    if (acknowledged.length > 0) {
      const taken = await database.statement((em) => storeAcknowledged(em, streamId, acknowledged, now));
      metrics.eventDelivery('ssf_poll', 'delivered', taken.length);
      finished.push(...taken);
    }
    for (const refusal of refused) {
      const eventId = await database.statement((em) => storeRefused(em, streamId, refusal, now));
      if (eventId === null) continue;
      metrics.eventDelivery('ssf_poll', 'dead');
      finished.push(eventId);
    }
    // After the commit: of two streams that finish the last deliveries of an event one sees that it is the last.
    if (finished.length > 0) await database.statement((em) => eraseEventsOfDeleted(em, finished));
  }

  async function take(streamId: string, limit: number): Promise<PollAnswer> {
    const now = clock.now();
    const deliveries =
      limit === 0 ? [] : await database.statement((em) => takePolled(em, streamId, limit, now));
    const sets: PollAnswer['sets'] = {};
    // One after the other: whether a token is sent may depend on the ones before it.
    for (const delivery of deliveries) {
      const token = await tokens.build(delivery, now);
      if (token !== null) sets[delivery.id] = token;
    }
    const taken = Object.keys(sets).length;
    const moreAvailable = await database.withTimeout(hasMorePolled(database.em(), streamId, taken));
    return { sets, moreAvailable };
  }

  /** Waits for events, the client's leaving, and the shutdown. */
  async function takeWhenThere(
    streamId: string,
    { maxEvents, returnImmediately }: PollRequest,
    left: AbortSignal,
  ): Promise<PollAnswer> {
    let answer = await take(streamId, maxEvents);
    if (returnImmediately || maxEvents === 0) return answer;
    const late = new AbortController();
    const cancel = clock.after(WAIT_MS, () => late.abort());
    const signal = AbortSignal.any([left, late.signal, ended.signal]);
    try {
      while (Object.keys(answer.sets).length === 0 && !answer.moreAvailable && !signal.aborted) {
        await waiters.wait(streamId, signal);
        if (!left.aborted) answer = await take(streamId, maxEvents);
      }
    } finally {
      cancel();
    }
    return answer;
  }

  return {
    async poll(manager, streamId, body, signal) {
      const request = readPollRequest(body);
      await requireValid(manager);
      await requirePollStream(manager, streamId);
      const count = open.get(streamId) ?? 0;
      if (count >= MAX_OPEN_POLLS)
        throw new AppError('RATE_LIMITED', `A stream has at most ${MAX_OPEN_POLLS} polls at a time.`, {
          retryAfterSeconds: 1,
        });
      open.set(streamId, count + 1);
      try {
        await store(streamId, request);
        const answer = await takeWhenThere(streamId, request, signal);
        await requireValid(manager);
        await requirePollStream(manager, streamId);
        return answer;
      } finally {
        const left = open.get(streamId)! - 1;
        if (left === 0) open.delete(streamId);
        else open.set(streamId, left);
      }
    },
    endWaiting: () => ended.abort(),
  };
}
