import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asUnavailable, isUnstorableText } from '../database/database-errors.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { redactValues } from './message-redaction.ts';

/** Codes of graphql-js and Apollo Server whose messages describe only the request. */
const PROTOCOL_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_SUPPORTED',
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

export type ErrorFormatter = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Turns every error into what the client sees. An `AppError` shows its code and details. An unexpected error is logged
 * in full and shown as INTERNAL_SERVER_ERROR, without details. Both name the request, so that a user can quote it.
 */
export function createErrorFormatter(
  logger: Logger,
  currentRequestId: () => string | undefined,
): ErrorFormatter {
  return (formatted, error) => {
    const requestId = currentRequestId();
    const shown = toShown(formatted, error, requestId);
    return requestId === undefined ? shown : { ...shown, extensions: { ...shown.extensions, requestId } };
  };

  function toShown(
    formatted: GraphQLFormattedError,
    error: unknown,
    requestId: string | undefined,
  ): GraphQLFormattedError {
    const position = {
      ...(formatted.locations ? { locations: formatted.locations } : {}),
      ...(formatted.path ? { path: formatted.path } : {}),
    };
    const cause = asUnavailable(unwrap(error));
    if (cause instanceof AppError) {
      if (cause.code === 'UNAVAILABLE') logger.warn({ requestId, err: cause }, 'a dependency is unavailable');
      return { message: cause.message, ...position, extensions: toExtensions(cause) };
    }
    if (isUnstorableText(cause)) {
      // A validation rule should have refused the text before.
      logger.warn({ requestId, path: formatted.path }, 'a text that cannot be stored reached the database');
      const message = 'A text has a character that cannot be stored.';
      return { message, ...position, extensions: { code: 'BAD_USER_INPUT', reason: 'MALFORMED' } };
    }
    const code = formatted.extensions?.code;
    const isProtocol = isProtocolCode(code) && !isFromResolver(error);
    if (isProtocol) return { message: redactValues(formatted.message), ...position, extensions: { code } };
    logger.error({ requestId, err: cause, path: formatted.path }, 'unexpected error');
    return { message: 'Internal server error', ...position, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  }
}

/** The code that the client sees, without logging anything. */
export function codeOf(error: GraphQLError): string {
  const cause = asUnavailable(unwrap(error));
  if (cause instanceof AppError) return cause.code;
  if (isUnstorableText(cause)) return 'BAD_USER_INPUT';
  const { code } = error.extensions;
  return isProtocolCode(code) && !isFromResolver(error) ? code : 'INTERNAL_SERVER_ERROR';
}

const isProtocolCode = (code: unknown): code is string =>
  typeof code === 'string' && PROTOCOL_CODES.has(code);

/** Whether the error comes from a resolver. The protocol's own GraphQLErrors have no original error. */
function isFromResolver(error: unknown): boolean {
  const original = error instanceof GraphQLError ? error.originalError : error;
  return original !== undefined && original !== null && !(original instanceof GraphQLError);
}

function unwrap(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? error.originalError : error;
}
