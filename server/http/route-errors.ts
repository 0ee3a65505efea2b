import type { FastifyReply, FastifyRequest } from 'fastify';
import { unavailableOf } from '../database/database-errors.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';

/** How a group of routes answers each kind of error. */
export interface ErrorAnswers {
  /** The reply has its `retry-after` already. */
  unavailable(reply: FastifyReply): FastifyReply;
  /** The credentials stopped being valid after they were checked. */
  unauthenticated(reply: FastifyReply): FastifyReply;
  /** @param status 400 to 499 */
  badRequest(reply: FastifyReply, status: number): FastifyReply;
  unexpected(reply: FastifyReply): FastifyReply;
}

/** The error handler of routes that speak another protocol than GraphQL. Logs what an operator has to know. */
export const createRouteErrorHandler =
  (logger: Logger, answers: ErrorAnswers) =>
  (
    error: Error & { statusCode?: number },
    { id: requestId }: FastifyRequest,
    reply: FastifyReply,
  ): FastifyReply => {
    const unavailable = unavailableOf(error);
    if (unavailable) {
      logger.warn({ requestId, err: unavailable }, 'a dependency is unavailable');
      return answers.unavailable(reply.header('retry-after', '1'));
    }
    if (error instanceof AppError && error.code === 'UNAUTHENTICATED') return answers.unauthenticated(reply);
    const status = error.statusCode ?? 500;
    if (status < 500) return answers.badRequest(reply, status);
    logger.error({ requestId, err: error }, 'unexpected error');
    return answers.unexpected(reply);
  };
