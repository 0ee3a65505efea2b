import { randomBytes } from 'node:crypto';
import { claimsOf, REFRESH } from '../seed.ts';
import { ANSWER_TIMEOUT_MS, askUntilAnswered, pause, type Entrances, type Request } from './entry-points.ts';
import { followSession } from './follower.ts';
import type { Tally } from './tally.ts';

export interface Grant {
  accessToken: string;
  refreshToken: string;
  session: { id: string };
}

export interface HonestClient {
  readonly sessionId: string;
  /** Start of the last accepted rotation. */
  readonly rotatedSince: number;
  /** Its session was refused, or it got the end. */
  readonly hasEnded: boolean;
  /** How its socket got the end. */
  readonly over: Promise<{ reason: string; at: number }>;
  /** Recent connections of its socket. */
  describe(): string;
  /** From now on its session may be refused. */
  expectEnd(): void;
  /** The end has been acknowledged: no request that begins from now on may be accepted. */
  confirmEnd(): void;
  /** Pauses once no request is running; resolves with its current generation. */
  settle(): Promise<number>;
  resume(): void;
  stop(): Promise<void>;
}

const TOUCH = 'mutation { touchSession { id } }';
const TURN_MS = 100;
const TURNS_PER_TOUCH = 10;
const TURNS_PER_REPEAT = 5;

/**
 * A client like the kit, only faster: it refreshes with `requestId` and `notAfter`, repeats unanswered requests at
 * another node, is active, and follows the session. After the end of its session it keeps trying, like a thief.
 */
export function startClient(
  grant: Grant,
  { entrances, tally, number }: { entrances: Entrances; tally: Tally; number: number },
): HonestClient {
  const sessionId = grant.session.id;
  let { accessToken, refreshToken } = grant;
  let rotatedSince = 0;
  let mayEnd = false;
  let hasEnded = false;
  let endedAt = Infinity;
  let isStopped = false;
  let next = number;
  let resume: (() => void) | null = null;
  let settled: ((generation: number) => void) | null = null;
  const successors = new Map<string, string>();
  const follower = followSession(entrances.urls, number, () => accessToken);
  void follower.over.then(({ reason }) => end('socket', reason));

  function end(where: string, reason: unknown): void {
    if (!mayEnd && !isStopped && !hasEnded) tally.lost.push(`${sessionId} at ${where}: ${reason}`);
    hasEnded = true;
  }

  function learn(token: string, data: any): void {
    const successor: string | undefined = data?.refreshSession?.refreshToken;
    if (successor === undefined) return;
    const known = successors.get(token);
    if (known !== undefined && known !== successor) tally.forks.push(`${sessionId}: two successors`);
    successors.set(token, successor);
    if (claimsOf(successor).gen !== claimsOf(token).gen + 1) tally.forks.push(`${sessionId}: a gap`);
  }

  /** The answer, if accepted. */
  async function ask(what: string, requestOf: () => Request): Promise<{ begunAt: number; data: any } | null> {
    const reply = await askUntilAnswered(entrances, next, requestOf, {
      isNeeded: () => !isStopped,
      onSilence(url) {
        next += 1;
        follower.leave(url);
      },
    });
    next += 1;
    if (!reply) return null;
    const { begunAt, answer } = reply;
    if (answer.code === undefined) {
      if (begunAt >= endedAt) tally.acceptedAfterEnd.push(`${sessionId}: ${what}`);
      return { begunAt, data: answer.data };
    }
    if (answer.code === 'INVALID_REFRESH_TOKEN' || answer.code === 'UNAUTHENTICATED')
      end(what, `${answer.code} ${JSON.stringify(answer.extensions)}`);
    else tally.faults.push(`${what}: ${answer.code} ${answer.errors?.[0]?.message}`);
    return null;
  }

  /** With `isAskedTwice` as after a crash before the answer was stored: the successor has to be identical. */
  async function refresh(isAskedTwice: boolean): Promise<void> {
    const token = refreshToken;
    const requestId = randomBytes(16).toString('hex');
    const request = (): Request => ({
      query: REFRESH,
      variables: {
        input: {
          refreshToken: token,
          requestId,
          notAfter: new Date(Date.now() + ANSWER_TIMEOUT_MS).toISOString(),
        },
      },
      onLate: ({ data }) => learn(token, data),
    });
    const accepted = await ask('refresh', request);
    if (!accepted) return;
    learn(token, accepted.data);
    if (isAskedTwice) learn(token, (await ask('repeated refresh', request))?.data);
    ({ accessToken, refreshToken } = accepted.data.refreshSession);
    rotatedSince = accepted.begunAt;
    tally.rotations += 1;
  }

  const touch = () => ask('touch', () => ({ query: TOUCH, token: accessToken }));

  async function live(): Promise<void> {
    for (let turn = number; !isStopped; turn += 1) {
      if (hasEnded || turn % TURNS_PER_TOUCH === 0) await touch();
      await refresh(turn % TURNS_PER_REPEAT === 0);
      if (settled) {
        const resumed = new Promise<void>((done) => (resume = done));
        settled(claimsOf(refreshToken).gen);
        settled = null;
        await resumed;
      }
      await pause(TURN_MS * (0.5 + Math.random()));
    }
  }
  const living = live();

  return {
    sessionId,
    get rotatedSince() {
      return rotatedSince;
    },
    get hasEnded() {
      return hasEnded;
    },
    over: follower.over,
    describe: follower.describe,
    expectEnd: () => void (mayEnd = true),
    confirmEnd: () => void (endedAt = performance.now()),
    settle: () => new Promise((done) => (settled = done)),
    resume() {
      successors.clear();
      resume?.();
    },
    async stop() {
      isStopped = true;
      resume?.();
      follower.stop();
      await living;
    },
  };
}
