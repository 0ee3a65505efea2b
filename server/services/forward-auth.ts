import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { asUnavailable, type Database } from '../database/orm.ts';
import { AppError } from '../errors.ts';
import type { Role } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { SessionAuthentication } from '../sessions/session.authentication.ts';
import { judgeRefresh } from '../sessions/session.refresh.ts';
import type { SessionOfUser } from '../sessions/session.reads.ts';
import { endOf, nearerDeadline, type Session } from '../sessions/session.ts';
import type { Activity } from './activity.ts';
import type { PresentedTokens } from './presented-token.ts';
import { looksLikeSessionToken, type SessionTokens } from './session-tokens.ts';

const BEARER = /^Bearer +(\S+) *$/i;

/** By what a request claims its session. What is presented first counts, good or not: nothing falls back. */
type Claim =
  | { kind: 'bearer'; token: string }
  | { kind: 'session-token'; token: string }
  | { kind: 'cookie'; token: string }
  /** A scheme that is not ours, such as Basic. */
  | { kind: 'unusable' }
  | { kind: 'none' };

interface Holder {
  session: Session;
  role: Role;
}

/**
 * `GET /auth/verify`, which a gateway asks before it lets a request through: 204 and who it is, or 401. Every check
 * reads the row. `/auth/verify/...` is for gateways that put the path of the request behind and take 200 alone for
 * a yes (Envoy); what stands there comes from the client and is looked at by nobody.
 */
export function serveForwardAuth(
  app: FastifyInstance,
  dependencies: {
    database: Database;
    clock: Clock;
    logger: Logger;
    authentication: SessionAuthentication;
    sessionTokens: SessionTokens;
    presentedTokens: PresentedTokens;
    activity: Activity;
    /** How long a refresh token that was just exchanged still passes: the browser may not have the next one yet. */
    graceSeconds: number;
    readRefreshCookie(request: FastifyRequest, reply: FastifyReply): string | null;
  },
): void {
  const { database, clock, logger, authentication, sessionTokens, presentedTokens, activity, graceSeconds } =
    dependencies;

  function claimOf(request: FastifyRequest, reply: FastifyReply): Claim {
    const { authorization, 'x-session-token': sessionToken } = request.headers;
    if (authorization) {
      const token = BEARER.exec(authorization)?.[1];
      return token === undefined ? { kind: 'unusable' } : { kind: 'bearer', token };
    }
    if (sessionToken) return { kind: 'session-token', token: String(sessionToken) };
    const cookie = dependencies.readRefreshCookie(request, reply);
    return cookie ? { kind: 'cookie', token: cookie } : { kind: 'none' };
  }

  async function findHolder(claim: Claim): Promise<Holder | null> {
    switch (claim.kind) {
      case 'bearer':
        return looksLikeSessionToken(claim.token) ? bySessionToken(claim.token) : byAccessToken(claim.token);
      case 'session-token':
        return bySessionToken(claim.token);
      case 'cookie':
        return byRefreshToken(claim.token);
      case 'unusable':
      case 'none':
        return null;
      default:
        return claim satisfies never;
    }
  }

  async function byAccessToken(token: string): Promise<Holder | null> {
    const check = await authentication.check(token);
    // A confined token is good for the end of its session, not for letting a page into an application.
    return check.state === 'good' && !check.viewer.isConfined ? check.viewer : null;
  }

  const bySessionToken = async (token: string): Promise<Holder | null> =>
    liveHolder(await sessionTokens.find(token));

  async function byRefreshToken(token: string): Promise<Holder | null> {
    const presented = await presentedTokens.findRefreshToken(token);
    if (!presented) return null;
    const question = { claims: presented.claims, requestHash: null, now: clock.now(), graceSeconds };
    const { action } = judgeRefresh(presented.session, question);
    return action === 'rotate' || action === 'replay' ? liveHolder(presented) : null;
  }

  /** Judged by the time after the read: a deadline that passed meanwhile has passed. */
  const liveHolder = (found: SessionOfUser | null): Holder | null =>
    found && found.user.isActive && endOf(found.session, clock.now()) === null
      ? { session: found.session, role: found.user.role }
      : null;

  async function verify(claim: Claim, isActivity: boolean): Promise<Holder | null> {
    const holder = await findHolder(claim);
    if (!holder) return null;
    if (!isActivity) return { ...holder, session: activity.seen(holder.session) };
    const session = await activity.touch(holder.session, clock.now());
    return endOf(session, clock.now()) === null ? { ...holder, session } : null;
  }

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { isActivity, status }: { isActivity: boolean; status: 200 | 204 },
  ): Promise<FastifyReply> {
    const claim = claimOf(request, reply);
    const holder = await database.inTime(verify(claim, isActivity));
    return holder ? reply.code(status).headers(headersOf(holder)).send() : refuse(reply, claim);
  }

  void app.register(async (gateways) => {
    // Whatever body a gateway passes on is none of our business.
    gateways.removeAllContentTypeParsers();
    gateways.addContentTypeParser('*', (_, payload, done) => {
      payload.resume();
      done(null);
    });
    gateways.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
      const known = asUnavailable(error);
      if (known instanceof AppError && known.code === 'UNAVAILABLE') {
        logger.warn({ err: known }, 'a dependency is unavailable');
        return reply.code(503).header('retry-after', '1').send();
      }
      // The session ended between the check and its touch.
      if (known instanceof AppError && known.code === 'UNAUTHENTICATED')
        return refuse(reply, { kind: 'bearer' });
      const status = error.statusCode ?? 500;
      if (status < 500) return reply.code(status).send();
      logger.error({ err: error }, 'unexpected error');
      return reply.code(500).send();
    });

    // Without CORS: its answer to a preflight, 204, would be a yes to whatever gateway passes OPTIONS on.
    const options = { config: { cors: false as const } };

    gateways.all<{ Querystring: { touch?: unknown } }>('/auth/verify', options, async (request, reply) => {
      const { touch = 'false' } = request.query;
      if (touch !== 'true' && touch !== 'false') return reply.code(400).send({ error: 'invalid_request' });
      return answer(request, reply, { isActivity: touch === 'true', status: 204 });
    });
    gateways.all('/auth/verify/*', options, (request, reply) =>
      answer(request, reply, { isActivity: false, status: 200 }),
    );
  });
}

/** Nothing here is a text that somebody chose: ids, a role, a moment. */
const headersOf = ({ session, role }: Holder): Record<string, string> => ({
  'x-curfew-user': session.userId,
  'x-curfew-account': session.accountId,
  'x-curfew-role': role,
  // The id of an imported session is any text.
  'x-curfew-session': encodeURIComponent(session.id),
  'x-curfew-expires': nearerDeadline(session).expiresAt.toISOString(),
});

/** RFC 6750, section 3: no error code where no token of this kind was presented. */
function refuse(reply: FastifyReply, claim: Pick<Claim, 'kind'>): FastifyReply {
  const hasToken = claim.kind !== 'none' && claim.kind !== 'unusable';
  const challenge = `Bearer realm="curfew"${hasToken ? ', error="invalid_token"' : ''}`;
  return reply.code(401).header('www-authenticate', challenge).send();
}
