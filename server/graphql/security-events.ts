import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Caller } from '../rules/caller.ts';
import { AppError } from '../errors.ts';
import type { SecurityEvent, SecurityLog, SecurityRecord } from '../security-log/security-log.ts';
import type { GraphQLContext } from './context.ts';

/** Where a refusal happened: a request or a socket. */
export type RequestSource = Pick<SecurityRecord, 'address' | 'requestId' | 'transport'>;

/** Fields that check a password, a one-time link or the response of an identity provider. */
const SIGN_IN_FIELDS = new Set([
  'login',
  'changePassword',
  'openPasswordLink',
  'setPassword',
  'reauthenticate',
  'completeOAuthLogin',
]);

export function createSecurityEventsPlugin(log: SecurityLog): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      async didEncounterErrors({ errors, contextValue }) {
        const { client, requestId, caller } = contextValue;
        const source = { address: client.ipAddress, requestId, transport: 'http' } as const;
        for (const error of errors) recordRefusal(log, error, caller, source);
      },
    }),
  };
}

/** Writes a line to the security log if the error is a refusal that concerns security. Ignores all other errors. */
export function recordRefusal(
  log: SecurityLog,
  error: unknown,
  caller: Caller | null,
  source: RequestSource,
): void {
  const refusal = error instanceof GraphQLError ? error.originalError : error;
  if (!(refusal instanceof AppError)) return;
  const node = error instanceof GraphQLError ? error.nodes?.[0] : undefined;
  // The schema's name, not the alias, which the caller chooses.
  const field = node?.kind === 'Field' ? node.name.value : undefined;
  const event = eventOf(refusal, field, caller);
  if (event === null) return;
  const { reason, endReason } = refusal.details;
  log.record({ event, ...source, ...idsOf(caller), field, reason: reason ?? endReason, ...refusal.evidence });
}

function eventOf({ code, evidence }: AppError, field = '', caller: Caller | null): SecurityEvent | null {
  switch (code) {
    case 'INVALID_CREDENTIALS':
      return 'sign_in.failed';
    case 'SESSION_LIMIT_REACHED':
      return 'session_limit.reached';
    case 'RATE_LIMITED':
      return SIGN_IN_FIELDS.has(field) ? 'sign_in.throttled' : 'request.throttled';
    case 'UNAUTHENTICATED':
      if (caller?.kind === 'anonymous') return 'token.missing';
      return evidence.serviceKeyId === undefined ? 'token.refused' : 'service_key.refused';
    case 'INVALID_REFRESH_TOKEN':
      return 'refresh.refused';
    case 'FORBIDDEN':
      return 'access.forbidden';
    case 'REAUTHENTICATION_REQUIRED':
      return 'access.stale_sign_in';
    case 'NOT_FOUND':
      return 'access.not_found';
    default:
      return null;
  }
}

/** Who a caller is, by ids. */
export type CallerIds = Pick<SecurityRecord, 'userId' | 'accountId' | 'sessionId' | 'serviceKeyId'>;

export function idsOf(caller: Caller | null): CallerIds {
  switch (caller?.kind) {
    case 'user': {
      const { userId, accountId, session } = caller.viewer;
      return { userId, accountId, sessionId: session.id };
    }
    case 'service': {
      const { keyId, accountId } = caller.service;
      return { serviceKeyId: keyId, accountId: accountId ?? undefined };
    }
    default:
      return {};
  }
}
