import type { ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { type GraphQLRequest, problem } from './post.ts';
import { signIn } from './signed-in.ts';

/** When the running subscription's socket was accepted; null while there is none. */
let listeningSince: number | null = null;
const listeners = new Set<() => void>();

export const listening = {
  get: () => listeningSince,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function listeningIs(since: number | null): void {
  listeningSince = since;
  for (const listener of listeners) listener();
}

export interface Observer {
  next(value: ExecutionResult): void;
  error(error: unknown): void;
  complete(): void;
}

/**
 * One socket per subscription: a socket belongs to the session of the token it was opened with, so one that
 * outlived a new sign-in would speak for the old one.
 */
export function subscribe(
  request: GraphQLRequest,
  connectionParams: Record<string, unknown>,
  sessionId: string | null,
  observer: Observer,
): () => void {
  const client = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams,
    // The user sees that the connection is gone and decides.
    retryAttempts: 0,
    connectionAckWaitTimeout: 10_000,
    on: { connected: () => listeningIs(Date.now()) },
  });

  let over = false;
  function finish(last?: ExecutionResult): void {
    if (over) return;
    over = true;
    unfollow();
    listeningIs(null);
    if (last) observer.next(last);
    observer.complete();
    void client.dispose();
  }

  const unfollow = signIn.subscribe(() => {
    const now = signIn.get();
    if (sessionId === null || (now.kind === 'in' && now.sessionId === sessionId)) return;
    finish(problem('The sign-in this subscription belonged to was dropped, so its connection was closed.'));
  });

  client.subscribe(
    {
      query: request.query,
      operationName: request.operationName,
      variables: request.variables as Record<string, unknown>,
    },
    {
      next: (value) => {
        if (!over) observer.next(value as ExecutionResult);
      },
      error: (error) => finish(inWords(error)),
      complete: () => finish(),
    },
  );
  return () => finish();
}

function inWords(error: unknown): ExecutionResult {
  if (Array.isArray(error)) return { errors: error as ExecutionResult['errors'] };
  if (error instanceof CloseEvent) {
    return problem(closedBecause(error), { closeCode: error.code, closeReason: error.reason });
  }
  return problem(error instanceof Error ? error.message : 'The connection failed.');
}

function closedBecause({ code, reason }: CloseEvent): string {
  const because = reason ? ` (${reason})` : '';
  switch (code) {
    case 4401:
      return `The server closed the connection: only a new sign-in helps${because}. Run SignIn, then run this again.`;
    case 4403:
      return `The server closed the connection: the access token has expired${because}. Renew it below, or run SignIn, then run this again.`;
    case 1006:
      return 'The connection could not be opened or was cut off without a word. Is Curfew running, and may this origin open a WebSocket?';
    case 1001:
    case 1012:
      return `The server is shutting down or restarting${because}. Run this again in a moment.`;
    default:
      return `The server closed the connection with code ${code}${because}.`;
  }
}
