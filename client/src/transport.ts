import { type BrowserEnv } from './browser-env.ts';

/** The server could not be asked, or could not answer for now. Nothing is known; ask again later. */
export class UnreachableError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'UnreachableError';
  }
}

/** The server has answered, and the answer is no. */
export class RefusedError extends Error {
  readonly code: string;
  readonly endReason: string | null;

  constructor(code: string, endReason: string | null, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
    this.endReason = endReason;
  }
}

export interface Answer<T> {
  data: T;
  /** On this computer's clock. */
  sentAt: number;
  receivedAt: number;
}

export interface Transport {
  /** @throws UnreachableError, RefusedError */
  request<T>(query: string, variables?: Record<string, unknown>, accessToken?: string): Promise<Answer<T>>;
  /** Asks somebody else, such as the application, with the same patience. @throws UnreachableError, whatever went wrong */
  call<T>(ask: (signal: AbortSignal) => T | Promise<T>): Promise<T>;
  /** Gives up everything under way. */
  abort(): void;
}

interface GraphQLBody<T> {
  data?: T | null;
  errors?: {
    message: string;
    extensions?: { code?: string; endReason?: string };
  }[];
}

const ANSWER_WITHIN_MS = 15_000;
/** What the server says when it cannot tell. */
const NO_ANSWERS = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']);

/**
 * GraphQL over HTTP. `credentials`: whether Curfew's cookie goes along. `onOutcome` hears of every request
 * whether it was answered.
 */
export function createTransport(
  url: string,
  env: Pick<BrowserEnv, 'fetch' | 'now' | 'setTimeout' | 'clearTimeout'>,
  credentials: 'same-origin' | 'omit',
  onOutcome: (isReached: boolean) => void,
): Transport {
  const underWay = new Set<AbortController>();

  /** Rejects when nothing has come for so long, also where what is asked takes no notice of the signal. */
  async function patiently<T>(ask: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
    const patience = new AbortController();
    const { signal } = patience;
    underWay.add(patience);
    const timer = env.setTimeout(() => patience.abort(), ANSWER_WITHIN_MS);
    const givenUp = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('No answer came.'))),
    );
    try {
      return await Promise.race([ask(signal), givenUp]);
    } finally {
      env.clearTimeout(timer);
      underWay.delete(patience);
    }
  }

  async function post<T>(
    body: string,
    accessToken: string | undefined,
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
      signal,
    });
    if (response.status >= 500 || response.status === 429)
      throw new UnreachableError(`The server answered with status ${response.status}.`);
    return (await response.json()) as GraphQLBody<T>;
  }

  async function send<T>(body: string, accessToken: string | undefined): Promise<GraphQLBody<T>> {
    try {
      return await patiently((signal) => post<T>(body, accessToken, signal));
    } catch (error) {
      if (error instanceof UnreachableError) throw error;
      // Also a page in place of JSON: whoever sent that, it was not Curfew.
      throw new UnreachableError('The server could not be reached.', { cause: error });
    }
  }

  async function ask<T>(body: string, accessToken: string | undefined): Promise<T> {
    const { data, errors } = await send<T>(body, accessToken);
    const [error] = errors ?? [];
    if (error) {
      const { code = 'INTERNAL_SERVER_ERROR', endReason } = error.extensions ?? {};
      if (NO_ANSWERS.has(code)) throw new UnreachableError(error.message);
      throw new RefusedError(code, endReason ?? null, error.message);
    }
    if (!data) throw new UnreachableError('The server answered with nothing.');
    return data;
  }

  return {
    async request(query, variables, accessToken) {
      const sentAt = env.now();
      try {
        const data = await ask<never>(JSON.stringify({ query, variables }), accessToken);
        onOutcome(true);
        return { data, sentAt, receivedAt: env.now() };
      } catch (error) {
        onOutcome(error instanceof RefusedError);
        throw error;
      }
    },
    async call(ask) {
      try {
        return await patiently(ask);
      } catch (error) {
        throw new UnreachableError('The application could not be reached.', { cause: error });
      }
    },
    abort() {
      for (const request of underWay) request.abort();
    },
  };
}
