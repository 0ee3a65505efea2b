import { type BrowserEnv } from '../browser/browser-env.ts';
import { RefusedError, UnreachableError } from '../core/errors.ts';

export interface Answer<T> {
  data: T;
  /** On this computer's clock. */
  sentAt: number;
  receivedAt: number;
}

export interface RequestOptions {
  /** The browser completes it, and stores its cookie, even if the page is closed. */
  outlivesPage?: boolean;
  /** `RATE_LIMITED` is the answer to this very request, which is not repeated by itself. */
  isLimited?: boolean;
}

export interface Transport {
  /** @throws UnreachableError, RefusedError */
  request<T>(
    query: string,
    variables?: Record<string, unknown>,
    accessToken?: string,
    options?: RequestOptions,
  ): Promise<Answer<T>>;
  /** Calls the application, with the same timeout. @throws UnreachableError for any failure */
  call<T>(task: (signal: AbortSignal) => T | Promise<T>): Promise<T>;
  /** Aborts everything in flight. */
  abort(): void;
}

interface GraphQLBody<T> {
  data?: T | null;
  errors?: {
    message: string;
    extensions?: {
      code?: string;
      endReason?: string;
      reason?: string;
      field?: string;
      retryAfterSeconds?: number;
    };
  }[];
}

export const ANSWER_TIMEOUT_MS = 15_000;
/** Codes that say nothing about the session. */
const TEMPORARY = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']);

/**
 * GraphQL over HTTP. `credentials`: whether Curfew's cookie is sent. `onOutcome` is called after every request with
 * whether it was answered.
 */
export function createTransport(
  url: string,
  env: Pick<BrowserEnv, 'fetch' | 'now' | 'setTimeout' | 'clearTimeout'>,
  credentials: 'same-origin' | 'omit',
  onOutcome: (isReached: boolean) => void,
): Transport {
  const inFlight = new Set<AbortController>();

  /** Rejects after the timeout, even if the task ignores the signal. */
  async function withTimeout<T>(task: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
    const timeout = new AbortController();
    const { signal } = timeout;
    inFlight.add(timeout);
    const timer = env.setTimeout(() => timeout.abort(), ANSWER_TIMEOUT_MS);
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('No answer came.'))),
    );
    try {
      return await Promise.race([task(signal), aborted]);
    } finally {
      env.clearTimeout(timer);
      inFlight.delete(timeout);
    }
  }

  async function post<T>(
    body: string,
    accessToken: string | undefined,
    keepalive: boolean,
    signal: AbortSignal,
  ): Promise<GraphQLBody<T>> {
    const response = await env.fetch(url, {
      method: 'POST',
      credentials,
      cache: 'no-store',
      headers: {
        'content-type': 'application/json',
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      },
      body,
      keepalive,
      signal,
    });
    if (response.status >= 500 || response.status === 429)
      throw new UnreachableError(`The server answered with status ${response.status}.`);
    return readBody<T>(await response.json());
  }

  async function send<T>(
    body: string,
    accessToken: string | undefined,
    keepalive: boolean,
  ): Promise<GraphQLBody<T>> {
    try {
      return await withTimeout((signal) => post<T>(body, accessToken, keepalive, signal));
    } catch (error) {
      if (error instanceof UnreachableError) throw error;
      // Includes a page in place of JSON, which Curfew did not send.
      throw new UnreachableError('The server could not be reached.', { cause: error });
    }
  }

  async function query<T>(
    body: string,
    accessToken: string | undefined,
    { outlivesPage = false, isLimited = false }: RequestOptions,
  ): Promise<T> {
    const { data, errors } = await send<T>(body, accessToken, outlivesPage);
    const error = errors?.[0];
    if (error) {
      const { code = 'INTERNAL_SERVER_ERROR', endReason, ...details } = error.extensions ?? {};
      const isAnswer = isLimited && code === 'RATE_LIMITED';
      if (TEMPORARY.has(code) && !isAnswer) throw new UnreachableError(error.message);
      throw new RefusedError(code, endReason ?? null, error.message, details);
    }
    if (!data) throw new UnreachableError('The server answered with nothing.');
    return data;
  }

  return {
    async request(document, variables, accessToken, options = {}) {
      const sentAt = env.now();
      try {
        const data = await query<never>(JSON.stringify({ query: document, variables }), accessToken, options);
        onOutcome(true);
        return { data, sentAt, receivedAt: env.now() };
      } catch (error) {
        onOutcome(error instanceof RefusedError);
        throw error;
      }
    },
    async call(task) {
      try {
        return await withTimeout(task);
      } catch (error) {
        throw new UnreachableError('The application could not be reached.', { cause: error });
      }
    },
    abort() {
      for (const request of inFlight) request.abort();
    },
  };
}

/** Every field that the kit asks for is there. Anything else, such as `null` or `[]`, did not come from Curfew. */
function readBody<T>(body: unknown): GraphQLBody<T> {
  const { data, errors } = (body ?? {}) as Record<string, unknown>;
  return {
    data: hasFields(data) ? (data as T) : null,
    errors: Array.isArray(errors) ? (errors as GraphQLBody<T>['errors']) : undefined,
  };
}

function hasFields(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const fields = Object.values(data);
  return fields.length > 0 && fields.every((field) => field != null);
}
