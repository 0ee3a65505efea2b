import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Database } from '../database/database.ts';
import { AppError } from '../errors.ts';
import type { AuditExportRequest, StartAuditExport } from '../exports/audit-export.ts';
import { EXPORT_FORMATS, isExportFormat } from '../exports/audit-text.sql.ts';
import { isPolicyFormat, POLICY_FORMATS, type StartPolicyExport } from '../exports/policy-export.ts';
import type { StartedExport } from '../exports/record-export.ts';
import type { Logger } from '../logger.ts';
import { readRfc3339 } from '../rfc3339.ts';
import { requireOwner, type Viewer } from '../rules/caller.ts';
import type { SecurityEvent, SecurityLog } from '../security-log/security-log.ts';
import type { SessionAuthentication } from '../sessions/caller-authentication.ts';
import { toErrorBody } from './error-body.ts';
import { createRouteErrorHandler } from './route-errors.ts';
import { CHALLENGES, unauthorized } from './unauthorized.ts';

/** What a piece of the file may wait for its client in. */
const BUFFER_BYTES = 64 * 1024;

/**
 * `GET /export/audit?format=csv|jsonl&from&to`: the audit trail as a file. `GET /export/policy?format=csv|json`: the policy
 * with its versions and what standards say. For an owner, whose access token comes as a bearer. No cookie and no service
 * key is enough: such a file is for a person who asks for it.
 */
export function serveExports(
  app: FastifyInstance,
  dependencies: {
    database: Database;
    logger: Logger;
    securityLog: SecurityLog;
    authentication: SessionAuthentication;
    addressOf(request: IncomingMessage): string | null;
    startAuditExport: StartAuditExport;
    startPolicyExport: StartPolicyExport;
  },
): void {
  const { database, logger, securityLog, authentication, addressOf } = dependencies;
  const { startAuditExport, startPolicyExport } = dependencies;

  const refuse = (request: FastifyRequest, event: SecurityEvent, evidence: AppError['evidence'] = {}): void =>
    securityLog.record({
      event,
      address: addressOf(request.raw),
      requestId: request.id,
      transport: 'http',
      ...evidence,
    });

  /** @throws UNAUTHENTICATED, FORBIDDEN */
  async function identifyOwner(request: FastifyRequest): Promise<Viewer> {
    const caller = await database.withTimeout(authentication.identify(request.headers.authorization));
    if (caller.kind === 'anonymous') refuse(request, 'token.missing');
    if (caller.kind === 'refused') refuse(request, 'token.refused', caller.error.evidence);
    const isScopedKey = caller.kind === 'refused' && caller.error.code === 'FORBIDDEN';
    if (caller.kind === 'service')
      refuse(request, 'token.refused', { reason: 'SERVICE_KEY', serviceKeyId: caller.service.keyId });
    if (caller.kind === 'service' || isScopedKey)
      throw new AppError('UNAUTHENTICATED', 'An export needs the access token of an owner.');
    try {
      return requireOwner(caller);
    } catch (error) {
      if (caller.kind === 'user') refuse(request, 'access.forbidden', idsOf(caller.viewer));
      throw error;
    }
  }

  void app.register(async (exports) => {
    const handleError = createRouteErrorHandler(logger, {
      unavailable: (reply) => reply.code(503).send(bodyOf(reply, 'Try again later.', 'UNAVAILABLE')),
      unauthenticated: (reply) => {
        const hasToken = reply.request.headers.authorization !== undefined;
        return unauthorized(reply, hasToken ? CHALLENGES.invalidToken : CHALLENGES.bearer).send(
          bodyOf(reply, 'Sign in to continue.', 'UNAUTHENTICATED'),
        );
      },
      badRequest: (reply, status) =>
        reply.code(status).send(bodyOf(reply, 'The request is malformed.', 'BAD_REQUEST')),
      unexpected: (reply) =>
        reply.code(500).send(bodyOf(reply, 'Internal server error', 'INTERNAL_SERVER_ERROR')),
    });
    exports.setErrorHandler((error: Error, request, reply) => {
      if (error instanceof AppError && (error.code === 'FORBIDDEN' || error.code === 'BAD_USER_INPUT'))
        return reply
          .code(error.code === 'FORBIDDEN' ? 403 : 400)
          .send(bodyOf(reply, error.message, error.code));
      if (error instanceof AppError && error.code === 'REAUTHENTICATION_REQUIRED')
        return unauthorized(
          reply,
          CHALLENGES.insufficientAuthentication(error.details.maxAgeSeconds ?? 0),
        ).send(bodyOf(reply, error.message, error.code));
      return handleError(error, request, reply);
    });

    /** Sends what `start` gives the owner who asks for it. @throws UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT */
    const send =
      (start: (viewer: Viewer, query: Query, ipAddress: string | null) => Promise<StartedExport>) =>
      async (request: FastifyRequest, reply: FastifyReply) => {
        const viewer = await identifyOwner(request);
        const query = request.query as Query;
        const started = await start(viewer, query, addressOf(request.raw)).catch((error: unknown) => {
          if (error instanceof AppError && error.code === 'REAUTHENTICATION_REQUIRED')
            refuse(request, 'access.stale_sign_in', idsOf(viewer));
          throw error;
        });
        const pieces = Readable.from(started.pieces, { objectMode: false, highWaterMark: BUFFER_BYTES });
        // After the head of the answer an error can only cut it off: its last chunk is missing then.
        pieces.on('error', (error) =>
          logger.warn({ requestId: request.id, err: error }, 'an export was cut off'),
        );
        return reply
          .type(started.contentType)
          .header('content-disposition', `attachment; filename="${started.fileName}"`)
          .header('cache-control', 'no-store')
          .send(pieces);
      };

    // A HEAD would write the audit row of an export without sending one.
    exports.get(
      '/export/audit',
      { exposeHeadRoute: false },
      send(async (viewer, query, ipAddress) => startAuditExport(viewer, readRequest(query), ipAddress)),
    );
    exports.get(
      '/export/policy',
      { exposeHeadRoute: false },
      send(async (viewer, { format }, ipAddress) => {
        if (!isPolicyFormat(format)) throw unknownFormat(POLICY_FORMATS);
        return startPolicyExport(viewer, format, ipAddress);
      }),
    );
  });
}

type Query = Record<string, unknown>;

const unknownFormat = (formats: readonly string[]): AppError =>
  new AppError('BAD_USER_INPUT', `format must be ${formats.join(' or ')}.`);

/** @throws BAD_USER_INPUT */
function readRequest(query: Query): AuditExportRequest {
  const { format } = query;
  if (!isExportFormat(format)) throw unknownFormat(EXPORT_FORMATS);
  return { format, from: readMoment(query, 'from'), to: readMoment(query, 'to') };
}

function readMoment(query: Query, name: 'from' | 'to'): Date | null {
  const text = query[name];
  if (text === undefined) return null;
  const moment = typeof text === 'string' ? readRfc3339(text) : null;
  if (!moment) throw new AppError('BAD_USER_INPUT', `${name} must be an RFC 3339 date and time.`);
  return moment;
}

const idsOf = ({ userId, accountId, session }: Viewer) => ({ userId, accountId, sessionId: session.id });

const bodyOf = (reply: FastifyReply, message: string, code: string) =>
  toErrorBody(message, code, reply.request.id);
