import { type GraphQLError } from 'graphql';
import { unauthenticated } from '../rules/caller.ts';
import { AppError } from '../errors.ts';
import { toGraphQLError } from '../graphql/errors.ts';
import type { SessionAuthentication } from '../sessions/caller-authentication.ts';
import type { Connection, SocketCaller } from './connections.ts';

const MAX_SUBSCRIPTIONS = 10;

/** Counts a new subscription and checks its caller again. Null: admitted. */
export type AdmitSubscription = (
  connection: Connection,
  id: string,
) => Promise<readonly GraphQLError[] | null>;

export function createSubscriptionAdmission(dependencies: {
  authentication: SessionAuthentication;
  serviceKeys: { isValid(keyId: string): Promise<boolean> };
}): AdmitSubscription {
  const { authentication, serviceKeys } = dependencies;

  /** Role and session may have changed since the socket opened. */
  async function checkAgain(connection: Connection, caller: SocketCaller): Promise<AppError | null> {
    if (caller.kind === 'service') {
      return (await serviceKeys.isValid(caller.service.keyId)) ? null : unauthenticated();
    }
    const check = await authentication.checkSession(caller.viewer.session.id);
    if (check.state !== 'good') return check.error;
    // The socket keeps the scope of the token that opened it.
    const viewer = { ...check.viewer, isSessionScoped: caller.viewer.isSessionScoped };
    connection.caller = { kind: 'user', viewer };
    return null;
  }

  return async (connection, id) => {
    if (connection.openSubscriptions.size >= MAX_SUBSCRIPTIONS) {
      const message = `A socket carries at most ${MAX_SUBSCRIPTIONS} subscriptions.`;
      return [toGraphQLError(new AppError('RATE_LIMITED', message, { retryAfterSeconds: 1 }))];
    }
    connection.openSubscriptions.add(id);
    const refusal = await checkAgain(connection, connection.caller!);
    return refusal && [toGraphQLError(refusal)];
  };
}
