import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asUnavailable } from '../database/orm.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { withoutValues } from './protocol-messages.ts';

/** Codes that graphql-js and Apollo Server raise themselves and whose messages are about the request alone. */
const PROTOCOL_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
]);

const toExtensions = ({ code, details }: AppError): Record<string, unknown> => ({
  code,
  ...Object.fromEntries(
    Object.entries(details)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
  ),
});

export const toGraphQLError = (error: AppError): GraphQLError =>
  new GraphQLError(error.message, { extensions: toExtensions(error), originalError: error });

/**
 * The one place where an error becomes what a client sees. A foreseen refusal shows its code; anything unexpected is
 * logged whole and shown as INTERNAL_SERVER_ERROR with nothing else.
 */
export function createErrorFormatter(logger: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const position = {
      ...(formatted.locations ? { locations: formatted.locations } : {}),
      ...(formatted.path ? { path: formatted.path } : {}),
    };
    const cause = asUnavailable(unwrap(error));
    if (cause instanceof AppError) {
      if (cause.code === 'UNAVAILABLE') logger.warn({ err: cause }, 'a dependency is unavailable');
      return { message: cause.message, ...position, extensions: toExtensions(cause) };
    }
    const code = formatted.extensions?.code;
    const isProtocol = typeof code === 'string' && PROTOCOL_CODES.has(code) && !hasForeignCause(error);
    if (isProtocol) {
      const { message, field } = withoutValues(formatted.message);
      return { message, ...position, extensions: { code, ...(field === undefined ? {} : { field }) } };
    }
    logger.error({ err: cause, path: formatted.path }, 'unexpected error');
    return { message: 'Internal server error', ...position, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  };
}

/** A GraphQLError without an original error was raised by the protocol itself, not by a resolver. */
function hasForeignCause(error: unknown): boolean {
  const original = error instanceof GraphQLError ? error.originalError : error;
  return original !== undefined && original !== null && !(original instanceof GraphQLError);
}

function unwrap(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? error.originalError : error;
}
