import { AsyncLocalStorage } from 'node:async_hooks';

export interface ScopedRequest {
  /** Names the request, or the socket, in the log. */
  id: string;
  /** Ends it. */
  abort(): void;
}

/** Knows which request the running code belongs to: for the log, and so that an unhandled error ends only that request. */
export interface RequestScope {
  /** Runs `work`, and everything it starts, for one request. */
  run<T>(request: ScopedRequest, work: () => T): T;
  /** The id of the request that the running code belongs to. Undefined: it belongs to none. */
  currentId(): string | undefined;
  /**
   * Ends the request that an unhandled error belongs to. To be called by the process's error events.
   * @returns false if it belongs to none
   */
  endRequest(error: unknown): boolean;
}

export function createRequestScope(): RequestScope {
  const requests = new AsyncLocalStorage<ScopedRequest>();
  return {
    run: (request, work) => requests.run(request, work),
    currentId: () => requests.getStore()?.id,
    endRequest(error) {
      const request = requests.getStore();
      request?.abort();
      return request !== undefined || isClientError(error);
    },
  };
}

/** Errors of Fastify and its plugins that a client caused carry the status of the response. */
function isClientError(error: unknown): boolean {
  const status = (error as { statusCode?: unknown } | null | undefined)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500;
}
