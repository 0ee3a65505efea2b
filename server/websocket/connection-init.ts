import { unauthenticated } from '../rules/caller.ts';
import type { AppError } from '../errors.ts';
import type { SessionAuthentication } from '../sessions/caller-authentication.ts';
import { FRESH_TOKEN_NEEDED, SIGN_IN_AGAIN } from './close-codes.ts';
import type { Connection, Connections } from './connections.ts';

/** Accepts or refuses the credentials of a `connection_init`. Returns false after closing the socket. */
export type AuthenticateConnection = (
  connection: Connection,
  params: Record<string, unknown> | undefined,
) => Promise<boolean>;

export function createConnectionAuthentication(dependencies: {
  connections: Connections;
  authentication: SessionAuthentication;
  recordError: (connection: Connection, error: AppError) => void;
}): AuthenticateConnection {
  const { connections, authentication, recordError } = dependencies;

  function refuse(connection: Connection, error: AppError): false {
    recordError(connection, error);
    connection.socket.close(SIGN_IN_AGAIN, error.details.endReason ?? error.code);
    return false;
  }

  async function connectUser(connection: Connection, token: unknown): Promise<boolean> {
    if (typeof token !== 'string') return refuse(connection, unauthenticated());
    const check = await authentication.check(token);
    switch (check.state) {
      case 'bad':
        return refuse(connection, check.error);
      case 'stale':
        recordError(connection, check.error);
        connection.socket.close(FRESH_TOKEN_NEEDED, 'Access token expired');
        return false;
      case 'good':
        return connections.bind(connection, { kind: 'user', viewer: check.viewer });
      default:
        return check satisfies never;
    }
  }

  async function connectService(connection: Connection, key: unknown): Promise<boolean> {
    if (typeof key !== 'string') return refuse(connection, unauthenticated());
    const caller = await authentication.identifyServiceKey(key);
    if (caller.kind === 'service') return connections.bind(connection, caller);
    return refuse(connection, caller.error);
  }

  return async (connection, { accessToken, serviceKey } = {}) => {
    // Two credentials could name two callers.
    if (serviceKey != null && accessToken != null) return refuse(connection, unauthenticated());
    return serviceKey == null ? connectUser(connection, accessToken) : connectService(connection, serviceKey);
  };
}
