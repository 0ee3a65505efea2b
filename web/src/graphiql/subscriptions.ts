import type { ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { errorResult, type GraphQLRequest } from './post.ts';
import { signIn } from './sign-in-store.ts';

/** Start of the running subscription; null while there is none. */
let listeningSince: number | null = null;
const listeners = new Set<() => void>();

export const listening = {
  get: () => listeningSince,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function setListening(since: number | null): void {
  listeningSince = since;
  for (const listener of listeners) listener();
}

/** How the socket says who it is. */
export type ConnectionParams = Record<string, unknown> | (() => Promise<Record<string, unknown>>);

export interface Observer {
  next(value: ExecutionResult): void;
  error(error: unknown): void;
  complete(): void;
}

/** Subscribes with a separate socket: a socket keeps the session of its token, so it must not outlive a new sign-in. */
export function subscribe(
  request: GraphQLRequest,
  connectionParams: ConnectionParams,
  sessionId: string | null,
  observer: Observer,
): () => void {
  const client = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams,
    // The user sees that the connection is lost and decides.
    retryAttempts: 0,
    connectionAckWaitTimeout: 10_000,
    on: { connected: () => setListening(Date.now()) },
  });

  let isFinished = false;
  function finish(last?: ExecutionResult): void {
    if (isFinished) return;
    isFinished = true;
    unsubscribe();
    setListening(null);
    if (last) observer.next(last);
    observer.complete();
    void client.dispose();
  }

  const unsubscribe = signIn.subscribe(() => {
    const now = signIn.get();
    if (sessionId === null || (now.kind !== 'out' && now.sessionId === sessionId)) return;
    finish(errorResult('You signed in again or signed out, so this subscription was closed.'));
  });

  client.subscribe(
    {
      query: request.query,
      operationName: request.operationName,
      variables: request.variables as Record<string, unknown>,
    },
    {
      next: (value) => {
        if (!isFinished) observer.next(value as ExecutionResult);
      },
      error: (error) => finish(errorResultOf(error, 'serviceKey' in connectionParams)),
      complete: () => finish(),
    },
  );
  return () => finish();
}

function errorResultOf(error: unknown, hasServiceKey: boolean): ExecutionResult {
  if (Array.isArray(error)) return { errors: error as ExecutionResult['errors'] };
  if (error instanceof CloseEvent) {
    return errorResult(closeMessage(error, hasServiceKey), {
      closeCode: error.code,
      closeReason: error.reason,
    });
  }
  return errorResult(error instanceof Error ? error.message : 'The connection failed.');
}

function closeMessage({ code, reason }: CloseEvent, hasServiceKey: boolean): string {
  const because = reason ? ` (${reason})` : '';
  switch (code) {
    case 4401:
      if (hasServiceKey) return 'This service key is not valid.';
      return `The server closed the connection${because}. Run SignIn, then run this again.`;
    case 4403:
      return `The server closed the connection: the access token has expired${because}. Refresh it below or run SignIn, then run this again.`;
    case 1006:
      return 'The connection could not be opened or was lost. Is Curfew running, and is this origin allowed to open a WebSocket?';
    case 1001:
    case 1012:
      return `The server is shutting down or restarting${because}. Run this again in a moment.`;
    default:
      return `The server closed the connection with code ${code}${because}.`;
  }
}
