import { createAccessTokens, type TokenOrigin } from './access-token.ts';
import { createBatcher } from './batch.ts';
import { createGraphQLCalls } from './graphql-calls.ts';
import { createHttpCalls } from './http-calls.ts';
import { introspect } from './introspection.ts';
import { createKeySet, type KeySetTiming } from './key-set.ts';
import { createProblemReporter, type CurfewProblem } from './problems.ts';
import {
  createServiceCalls,
  validateSessions,
  type ServiceCalls,
  type SessionValidation,
  type ValidationRequest,
} from './service-calls.ts';
import { createSessionCache } from './session-cache.ts';
import { createSessionCheck, type SessionCheck } from './session-check.ts';
import { followSessions, type FeedTiming } from './session-feed.ts';

export interface CurfewOptions {
  /** The address at which this process reaches Curfew, such as `https://curfew.example.com`. */
  url: string;
  /** `cfk_...`, for one account or for all. Kept in memory and sent to Curfew only. */
  serviceKey: string;
  /** The required audience of access tokens: `curfew` (default), or one of Curfew's `ACCESS_TOKEN_AUDIENCES`. */
  audience?: string | undefined;
  /** Curfew's `PUBLIC_URL`, if it differs from `url`. */
  issuer?: string | undefined;
  /** Maximum time for an answer, in milliseconds; default: 2000. */
  timeoutMs?: number | undefined;
  /** Called with problems to log, once a minute for each kind. They contain no token. Default: `console.warn`. */
  onProblem?: ((problem: CurfewProblem) => void) | undefined;
  /** For tests: this computer's clock, in milliseconds since the epoch. */
  now?: (() => number) | undefined;
  /** For tests. */
  timing?: Partial<FeedTiming & KeySetTiming> | undefined;
}

export interface Curfew extends SessionCheck, ServiceCalls {
  /** Validates a session token. The calls of one event-loop turn share a request. @throws CurfewError */
  validateSession(
    sessionToken: string,
    options?: { touch?: boolean | undefined },
  ): Promise<SessionValidation>;
  /** Whether Curfew is reporting the ends of sessions, so that access tokens are checked locally. */
  readonly isFollowing: boolean;
  /** Resolves when `isFollowing`. Waiting is optional: until then Curfew is asked about each token. */
  following(): Promise<void>;
  /** Leaves no socket, timer or request behind; later checks are `unavailable`. */
  close(): void;
}

const TIMING: FeedTiming & KeySetTiming = {
  // Curfew polls the rows once a second, so a proof is at most two seconds old when the next one comes.
  pingMs: 1_000,
  leaseMs: 5_000,
  firstWaitMs: 500,
  maxWaitMs: 5_000,
  refusedWaitMs: 30_000,
  cooldownMs: 30_000,
  refreshMs: 600_000,
};
const TIMEOUT_MS = 2_000;
const MAX_CACHED_SESSIONS = 100_000;
/** The limit of Curfew's `validateSessions`. */
const MAX_BATCH_SIZE = 1_000;

/** Connects a back end to Curfew. @throws TypeError for an invalid `url` or service key */
export function connectCurfew(options: CurfewOptions): Curfew {
  const { serviceKey, audience = 'curfew', timeoutMs = TIMEOUT_MS, now = () => Date.now() } = options;
  const url = toBase(options.url);
  const issuer = options.issuer ?? url;
  if (!/^cfk_[\w-]+$/.test(serviceKey))
    throw new TypeError(
      'serviceKey is not a service key of Curfew (cfk_...): is its environment variable set?',
    );
  const timing = { ...TIMING, ...options.timing };
  const report = createProblemReporter(options.onProblem ?? warn, now);

  const keyRefused = (cause?: unknown): CurfewProblem => ({
    kind: 'KEY_REFUSED',
    message: `Curfew at ${url} refused the service key: it was made elsewhere, was revoked, or has expired.`,
    cause,
  });

  const otherOrigin = (token: TokenOrigin): CurfewProblem => ({
    kind: 'OTHER_ORIGIN',
    message:
      token.issuer === issuer
        ? `Curfew at ${url} issued an access token for the audience ${String(token.audience)}, but audience is ${audience}: it was refused.`
        : `Curfew at ${url} issues its access tokens as ${String(token.issuer)}, but issuer is ${issuer}: each is refused until issuer is Curfew’s PUBLIC_URL.`,
  });

  const http = createHttpCalls({ url, serviceKey, timeoutMs });
  const graphql = createGraphQLCalls(http);
  const cache = createSessionCache({ maxSize: MAX_CACHED_SESSIONS });
  const feed = followSessions({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    serviceKey,
    timing,
    onReport({ kind, sessionId }) {
      if (kind === 'ENDED') cache.end(sessionId);
      else if (kind === 'CHANGED') cache.change(sessionId);
    },
    onProblem: (outcome, cause) =>
      report(
        outcome === 'refused'
          ? keyRefused()
          : {
              kind: 'REPORTS_LOST',
              message: `There is no socket to Curfew at ${url}: until there is, each token is checked there.`,
              cause,
            },
      ),
  });
  const keys = createKeySet({
    http,
    now,
    timing,
    onProblem: (cause) =>
      report({ kind: 'KEYS_UNAVAILABLE', message: 'Curfew’s public keys could not be fetched.', cause }),
  });
  const validate = createBatcher<ValidationRequest, SessionValidation>({
    keyOf: ({ sessionToken }) => sessionToken,
    merge: (one, other) => ({ ...one, touch: one.touch || other.touch }),
    maxSize: MAX_BATCH_SIZE,
    maxCalls: 1,
    call: (requests) => validateSessions(graphql, requests),
  });
  const introspectOnce = createBatcher<string, Awaited<ReturnType<typeof introspect>>>({
    keyOf: (token) => token,
    merge: (token) => token,
    maxSize: 1,
    maxCalls: Infinity,
    call: async ([token]) => [await introspect(http, token!)],
  });
  const { check } = createSessionCheck({
    accessTokens: createAccessTokens({ keys, issuer, audience, now }),
    cache,
    feed,
    issuer,
    audience,
    now,
    introspect: introspectOnce,
    validate,
    onProblem(cause) {
      if (cause.code === 'UNAUTHENTICATED' || cause.code === 'FORBIDDEN') report(keyRefused(cause));
      else if (cause.code !== 'CLOSED')
        report({ kind: 'UNANSWERED', message: 'A session could not be checked.', cause });
    },
    onOtherOrigin: (origin) => report(otherOrigin(origin)),
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

/** Without a listener: a back end whose every request is refused must not do so in silence. */
function warn({ kind, message, cause }: CurfewProblem): void {
  const reason = (cause as Error | undefined)?.message;
  // eslint-disable-next-line no-console
  console.warn(`@curfew/client: ${message} (${kind})${reason === undefined ? '' : ` ${reason}`}`);
}

function toBase(text: string): string {
  // Often an environment variable that is not set.
  if (!URL.canParse(text))
    throw new TypeError(
      'url is not an address of Curfew, such as https://curfew.example.com: is its environment variable set?',
    );
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError('url has to begin with http or https.');
  let path = url.pathname;
  while (path.endsWith('/')) path = path.slice(0, -1);
  if (path.endsWith('/graphql'))
    throw new TypeError(
      'url is the address of Curfew itself, such as https://curfew.example.com, without /graphql.',
    );
  return `${url.origin}${path}`;
}
