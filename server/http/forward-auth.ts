import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { METHODS, type IncomingMessage } from 'node:http';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { nearerDeadline } from '../rules/session.ts';
import { mayTouch, readCredential, type ForwardAuthCredential } from './forward-auth-credential.ts';
import {
  createForwardAuthVerification,
  type ForwardAuthDependencies,
  type VerifiedSession,
} from './forward-auth-session.ts';
import { createRouteErrorHandler } from './route-errors.ts';
import { CHALLENGES, unauthorized } from './unauthorized.ts';

const PREFIX = '/auth/verify/';

/**
 * The path that a request is routed by. What a gateway appends to `/auth/verify/` is the path of another application,
 * which the router need not parse: it may hold broken escapes, `//` or a query.
 */
export const routedUrl = (url: string): string => (url.startsWith(PREFIX) ? PREFIX : url);

/**
 * `GET /auth/verify` for gateways, which ask before they let a request through: 204 and the identity as headers, or
 * 401. Every check reads the session's row. `/auth/verify/...` is for gateways that append the path of the request
 * and take only 200 for a yes (Envoy); the appended path comes from the client and is ignored.
 */
export function serveForwardAuth(
  app: FastifyInstance,
  dependencies: ForwardAuthDependencies & {
    database: Database;
    logger: Logger;
    securityLog: SecurityLog;
    addressOf(request: IncomingMessage): string | null;
    readRefreshCookie(request: FastifyRequest, reply: FastifyReply): string | null;
    metrics: Metrics;
  },
): void {
  const { database, logger, securityLog, addressOf, readRefreshCookie, metrics } = dependencies;
  const verify = createForwardAuthVerification(dependencies);

  /** A visitor without a credential is on the way to the sign-in page, which is no security event. */
  function recordRefusal({ id, raw }: FastifyRequest, { kind }: ForwardAuthCredential): void {
    if (kind === 'none') return;
    const source = { address: addressOf(raw), requestId: id, transport: 'http' } as const;
    securityLog.record({ event: 'forward_auth.refused', ...source, reason: kind });
  }

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { isActivity, status }: { isActivity: boolean; status: 200 | 204 },
  ): Promise<FastifyReply> {
    const credential = readCredential(request, () => readRefreshCookie(request, reply));
    const touches = isActivity && mayTouch(request, credential);
    const verified = await database.withTimeout(verify(credential, touches));
    // A visitor without a credential has no session that could be checked.
    if (credential.kind !== 'none') metrics.validation(verified ? 'valid' : 'refused');
    if (verified) return reply.code(status).headers(headersOf(verified)).send();
    recordRefusal(request, credential);
    return refuse(reply, credential);
  }

  // A gateway passes on the method of the request that it asks about. Fastify supports only the common ones by default.
  const methods = METHODS.filter((method) => method !== 'CONNECT');
  for (const method of methods)
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });

  void app.register(async (gateways) => {
    gateways.setErrorHandler(
      createRouteErrorHandler(logger, {
        unavailable: (reply) => reply.code(503).send(),
        // The session ended between the check and its touch.
        unauthenticated: (reply) => refuse(reply, { kind: 'bearer' }),
        badRequest: (reply, status) => reply.code(status).send(),
        unexpected: (reply) => reply.code(500).send(),
      }),
    );

    // Answered in `onRequest`, before a body is read: its type and length are the application's business. Without CORS:
    // the 204 that answers a preflight would be a yes to any gateway that passes OPTIONS on.
    const answeredEarly = (
      onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
    ) => ({
      method: methods,
      config: { cors: false as const },
      onRequest,
      handler: (_: FastifyRequest, reply: FastifyReply) => reply,
    });

    gateways.route({
      url: '/auth/verify',
      ...answeredEarly(async (request, reply) => {
        const { touch = 'false' } = request.query as { touch?: unknown };
        if (touch !== 'true' && touch !== 'false') return reply.code(400).send({ error: 'invalid_request' });
        return answer(request, reply, { isActivity: touch === 'true', status: 204 });
      }),
    });
    gateways.route({
      url: `${PREFIX}*`,
      ...answeredEarly((request, reply) => answer(request, reply, { isActivity: false, status: 200 })),
    });
  });
}

/** Only ids, a role and a time: no text that a user chose. */
const headersOf = ({ session, role }: VerifiedSession): Record<string, string> => ({
  'x-curfew-user': session.userId,
  'x-curfew-account': session.accountId,
  'x-curfew-role': role,
  // The id of an imported session may be any text.
  'x-curfew-session': encodeURIComponent(session.id),
  'x-curfew-expires': nearerDeadline(session).expiresAt.toISOString(),
});

function refuse(reply: FastifyReply, { kind }: Pick<ForwardAuthCredential, 'kind'>): FastifyReply {
  const hasToken = kind !== 'none' && kind !== 'unusable';
  return unauthorized(reply, hasToken ? CHALLENGES.invalidToken : CHALLENGES.bearer).send();
}
