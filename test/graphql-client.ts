import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';

/** The answer of `POST /graphql`. */
export interface Answer<T = any> {
  status: number;
  data: T;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[];
  /** The code of the first error. */
  code: string | undefined;
  /** Of the first error, without the id of the request, which every error names. */
  extensions: Record<string, any>;
  requestId: string | null;
  /** The name=value part of a set cookie, and the whole header; not of the known-browser cookie. */
  cookie: string | null;
  setCookie: string | null;
  /** The whole header of the known-browser cookie. */
  deviceCookie: string | null;
}

export interface CallOptions {
  token?: string;
  cookie?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Collector<T = any> {
  /** All events so far, oldest first. */
  readonly events: T[];
  /** The next unread event. @throws after five seconds of real time */
  next(): Promise<T>;
  /** Resolves when the subscription completes, rejects when it fails. */
  readonly completed: Promise<void>;
  /** How the socket closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Resolves once the server has acknowledged the connection. */
  readonly connected: Promise<void>;
  stop(): Promise<void>;
}

export interface GraphQLClient {
  gql<T = any>(query: string, variables?: Record<string, unknown>, options?: CallOptions): Promise<Answer<T>>;
  /** Opens a separate socket for one subscription; `field` picks the root field out of each event. */
  subscribe<T = any>(
    query: string,
    connectionParams: Record<string, unknown>,
    variables?: Record<string, unknown>,
  ): Collector<T>;
}

/** An event comes within milliseconds; this is for a machine that is busy with other tests. */
const EVENT_TIMEOUT_MS = 20_000;

export function createGraphQLClient(url: string): GraphQLClient {
  return {
    async gql(query, variables = {}, { token, cookie, headers = {}, signal } = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        signal,
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(cookie === undefined ? {} : { cookie }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      const body = (await response.json()) as any;
      const requestId = response.headers.get('x-request-id');
      const errors = body.errors?.map((error: any) => withoutRequestId(error, requestId));
      const cookies = response.headers.getSetCookie();
      const isOfDevice = (line: string) => /^(__Host-)?curfew_device=/.test(line);
      const setCookie = cookies.filter((line) => !isOfDevice(line)).join(', ') || null;
      const answer = {
        status: response.status,
        data: body.data,
        errors,
        code: errors?.[0]?.extensions?.code,
        extensions: errors?.[0]?.extensions ?? {},
        setCookie,
        deviceCookie: cookies.find(isOfDevice) ?? null,
        cookie: setCookie?.split(';', 1)[0] ?? null,
      };
      // Not enumerable: tests compare whole answers, and no two requests have one id.
      return Object.defineProperty(answer, 'requestId', { value: requestId }) as Answer;
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
          // A lazy one closes once its subscription is over, and must not do so before the server, which gives the reason.
          // To let it wait would leave a timer behind, for which the process of the tests stays.
          lazy: false,
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
              () =>
                reject(
                  new Error(`No event within ${EVENT_TIMEOUT_MS} ms; so far: ${JSON.stringify(events)}`),
                ),
              EVENT_TIMEOUT_MS,
            ).unref();
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

/** Tests compare what an error says of its cause. That it names its request is checked here, for all of them. */
function withoutRequestId(error: any, expected: string | null): any {
  const { requestId, ...extensions } = error.extensions ?? {};
  // A node of version 0.1 gives neither.
  if ((requestId ?? null) !== expected)
    throw new Error(`An error names the request ${requestId}, its response ${expected}.`);
  return { ...error, extensions };
}
