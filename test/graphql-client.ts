import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';

/** What came back from `POST /graphql`. */
export interface Answer<T = any> {
  status: number;
  data: T;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[];
  /** The code of the first error. */
  code: string | undefined;
  extensions: Record<string, any>;
  /** The name=value part of a cookie that was set, and the whole header. */
  cookie: string | null;
  setCookie: string | null;
}

export interface CallOptions {
  token?: string;
  cookie?: string;
  headers?: Record<string, string>;
}

export interface Collector<T = any> {
  /** Everything that came so far, oldest first. */
  readonly events: T[];
  /** The next event that nobody has taken yet; fails after five seconds of real time. */
  next(): Promise<T>;
  /** Resolves when the subscription completed, rejects when it failed. */
  readonly completed: Promise<void>;
  /** How the socket closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Resolves once the server has acknowledged the connection. */
  readonly connected: Promise<void>;
  stop(): Promise<void>;
}

export interface GraphQLClient {
  gql<T = any>(query: string, variables?: Record<string, unknown>, options?: CallOptions): Promise<Answer<T>>;
  /** Opens a socket of its own for one subscription; `field` picks the root field out of each event. */
  subscribe<T = any>(
    query: string,
    connectionParams: Record<string, unknown>,
    variables?: Record<string, unknown>,
  ): Collector<T>;
}

const PATIENCE_MS = 5_000;

export function createGraphQLClient(url: string): GraphQLClient {
  return {
    async gql(query, variables = {}, { token, cookie, headers = {} } = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(cookie === undefined ? {} : { cookie }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      const body = (await response.json()) as any;
      const setCookie = response.headers.get('set-cookie');
      return {
        status: response.status,
        data: body.data,
        errors: body.errors,
        code: body.errors?.[0]?.extensions?.code,
        extensions: body.errors?.[0]?.extensions ?? {},
        setCookie,
        cookie: setCookie?.split(';', 1)[0] ?? null,
      };
    },

    subscribe(query, connectionParams, variables = {}) {
      const events: any[] = [];
      const untaken: any[] = [];
      const takers: ((event: any) => void)[] = [];
      let client: Client;
      let resolveConnected!: () => void;
      const connected = new Promise<void>((resolve) => (resolveConnected = resolve));
      let resolveClosed!: (closed: { code: number; reason: string }) => void;
      const closed = new Promise<{ code: number; reason: string }>((resolve) => (resolveClosed = resolve));
      const completed = new Promise<void>((resolve, reject) => {
        client = createClient({
          url: `${url.replace(/^http/, 'ws')}/graphql`,
          webSocketImpl: WebSocket,
          connectionParams,
          retryAttempts: 0,
          lazyCloseTimeout: 0,
          onNonLazyError: () => {},
          on: {
            connected: () => resolveConnected(),
            closed: (event) => {
              const { code, reason } = event as { code: number; reason: string };
              resolveClosed({ code, reason });
            },
          },
        });
        client.subscribe(
          { query, variables },
          {
            next(result) {
              const event = result.errors ? result : Object.values(result.data ?? {})[0];
              events.push(event);
              const taker = takers.shift();
              if (taker) taker(event);
              else untaken.push(event);
            },
            error: reject,
            complete: resolve,
          },
        );
      });
      completed.catch(() => {});
      return {
        events,
        completed,
        closed,
        connected,
        next() {
          if (untaken.length > 0) return Promise.resolve(untaken.shift());
          return new Promise((resolve, reject) => {
            const timer = setTimeout(
              () => reject(new Error(`No event within ${PATIENCE_MS} ms; so far: ${JSON.stringify(events)}`)),
              PATIENCE_MS,
            );
            takers.push((event) => {
              clearTimeout(timer);
              resolve(event);
            });
          });
        },
        stop: async () => void (await client.dispose()),
      };
    },
  };
}
