import { createAccessTokens } from './access-token.ts';
import { createGathered } from './gathered.ts';
import { createGraphQLCalls } from './graphql-calls.ts';
import { createHttpCalls } from './http-calls.ts';
import { introspect, type ActiveAccessToken } from './introspection.ts';
import { createKeySet, type KeySetTiming } from './key-set.ts';
import { createKnownSessions } from './known-sessions.ts';
import { createProblems, type CurfewProblem } from './problems.ts';
import {
  createServiceCalls,
  validateSessions,
  type ServiceCalls,
  type SessionValidation,
  type TokenQuestion,
} from './service-calls.ts';
import { createSessionCheck, type SessionCheck } from './session-check.ts';
import { followSessions, type FeedTiming } from './session-feed.ts';

export interface CurfewOptions {
  /** Where Curfew is reached from here, such as `https://curfew.example.com`. */
  url: string;
  /** `cfk_...`, of one account or of all. Kept in memory and sent to Curfew, nowhere else. */
  serviceKey: string;
  /** Whom access tokens must be for: `curfew`, or one of Curfew's `ACCESS_TOKEN_AUDIENCES`. */
  audience?: string;
  /** Curfew's `PUBLIC_URL`, where `url` is another name for it. */
  issuer?: string;
  /** How long an answer may take, in milliseconds; 2000 unless said otherwise. */
  timeoutMs?: number;
  /** What a log should have, once a minute and kind. No token is ever in it. */
  onProblem?(problem: CurfewProblem): void;
  /** For tests: this computer's clock, in milliseconds since the epoch. */
  now?: () => number;
  /** For tests. */
  timing?: Partial<FeedTiming & KeySetTiming>;
}

export interface Curfew extends SessionCheck, ServiceCalls {
  /** Concurrent calls of one turn of the event loop travel together. @throws CurfewError */
  validateSession(sessionToken: string, options?: { touch?: boolean }): Promise<SessionValidation>;
  /** Whether the ends of sessions are being reported, so that access tokens are judged without asking. */
  readonly isFollowing: boolean;
  /** Resolves when they are. Nothing has to wait for it: until then Curfew is asked. */
  following(): Promise<void>;
  /** Leaves no socket, timer or request behind; checks made afterwards are `unavailable`. */
  close(): void;
}

const TIMING: FeedTiming & KeySetTiming = {
  pingMs: 2_000,
  leaseMs: 5_000,
  // Curfew's statements have two seconds each, and a subscription needs two of them.
  settleMs: 5_000,
  firstWaitMs: 500,
  longestWaitMs: 10_000,
  refusedWaitMs: 30_000,
  cooldownMs: 30_000,
  refreshMs: 600_000,
};
const TIMEOUT_MS = 2_000;
const MOST_KNOWN = 100_000;
/** What Curfew takes in one `validateSessions`. */
const MOST_TOGETHER = 1_000;

/** @throws TypeError for a `url` that is none, and for a key that is no service key */
export function connectCurfew(options: CurfewOptions): Curfew {
  const { serviceKey, audience = 'curfew', timeoutMs = TIMEOUT_MS, now = () => Date.now() } = options;
  const url = toBase(options.url);
  const issuer = options.issuer ?? url;
  if (!/^cfk_[\w-]+$/.test(serviceKey)) throw new TypeError('serviceKey is not a service key of Curfew.');
  const timing = { ...TIMING, ...options.timing };
  const tell = createProblems(options.onProblem, now);

  const http = createHttpCalls({ url, serviceKey, timeoutMs });
  const graphql = createGraphQLCalls(http);
  const known = createKnownSessions({ most: MOST_KNOWN });
  const feed = followSessions({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    serviceKey,
    timing,
    onReport({ kind, sessionId }) {
      if (kind === 'ENDED') known.end(sessionId);
      else if (kind === 'CHANGED') known.change(sessionId);
    },
    onProblem: (outcome) =>
      tell(
        outcome === 'refused'
          ? { kind: 'KEY_REFUSED', message: 'Curfew refused the service key.' }
          : { kind: 'REPORTS_LOST', message: 'The socket to Curfew is gone; asking about each token.' },
      ),
  });
  const keys = createKeySet({
    http,
    now,
    timing,
    onProblem: (cause) =>
      tell({ kind: 'KEYS_UNAVAILABLE', message: 'Curfew’s public keys could not be fetched.', cause }),
  });
  const validate = createGathered<TokenQuestion, SessionValidation>({
    keyOf: ({ sessionToken }) => sessionToken,
    merge: (one, other) => ({ ...one, touch: one.touch || other.touch }),
    most: MOST_TOGETHER,
    mostCalls: 1,
    ask: (questions) => validateSessions(graphql, questions),
  });
  const introspectGathered = createGathered<string, ActiveAccessToken | null>({
    keyOf: (token) => token,
    merge: (token) => token,
    most: 1,
    mostCalls: Infinity,
    ask: async ([token]) => [await introspect(http, token!)],
  });
  const { check } = createSessionCheck({
    accessTokens: createAccessTokens({ keys, issuer, audience, now }),
    known,
    feed,
    issuer,
    audience,
    now,
    introspect: introspectGathered,
    validate,
    onProblem(cause) {
      if (cause.code === 'UNAUTHENTICATED' || cause.code === 'FORBIDDEN')
        tell({ kind: 'KEY_REFUSED', message: 'Curfew refused the service key.', cause });
      else if (cause.code !== 'CLOSED')
        tell({ kind: 'UNANSWERED', message: 'A session could not be checked.', cause });
    },
  });
  let isClosed = false;

  return {
    ...createServiceCalls(graphql),
    async check(token, options) {
      return isClosed ? { state: 'unavailable' } : check(token, options);
    },
    validateSession: (sessionToken, { touch = true } = {}) => validate({ sessionToken, touch }),
    get isFollowing() {
      return feed.epoch() !== null;
    },
    following: feed.following,
    close() {
      isClosed = true;
      feed.close();
      http.close();
    },
  };
}

function toBase(text: string): string {
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError('url has to begin with http or https.');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
