/** As much of a WebSocket as the protocol needs; browsers, Node and `ws` have it. */
export interface SocketLike {
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code: number, reason?: string): void;
}

export interface SocketCloseEvent {
  code?: number;
  reason?: string;
}

export interface SubscriptionOptions {
  url: string;
  /** Default: the global WebSocket. */
  webSocketImpl?: unknown;
  /** Sent in the first message, never in the URL, which ends up in logs. */
  connectionParams: Record<string, unknown>;
  query: string;
  /** For the socket to open, and again for the server to accept the connection. */
  acknowledgeTimeoutMs: number;
  /** A ping is sent so long after the connection or the last pong. */
  pingIntervalMs: number;
  /** The server has accepted the connection. */
  onConnected(): void;
  onPing(): void;
  onPong(): void;
  onNext(result: { data?: unknown }): void;
  /** The server refuses the subscription. */
  onError(errors: unknown): void;
  /** The server has no more results. */
  onComplete(): void;
  /** Called once, also when no socket could be opened, and never during the call of `subscribe`. */
  onClosed(event: SocketCloseEvent): void;
}

export interface Subscription {
  /** Ends the subscription and closes its socket, once it is open. */
  close(): void;
  /** Closes a socket whose other end is gone: `onClosed` is called at once, without waiting for it. */
  terminate(): void;
}

const CONNECTING = 0;
const OPEN = 1;
const SUBSCRIPTION_ID = '1';
const NORMAL_CLOSURE = 1000;
const ABNORMAL_CLOSURE = 1006;
const BAD_RESPONSE = 4004;
const TERMINATED = 4499;
const ACKNOWLEDGE_TIMEOUT = 4504;

interface Message {
  type: string;
  payload?: unknown;
}

/** One GraphQL subscription over a socket of its own, by the protocol `graphql-transport-ws`. It is not repeated. */
export function subscribe(options: SubscriptionOptions): Subscription {
  let acknowledgement: ReturnType<typeof setTimeout> | undefined;
  let nextPing: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let isSubscribed = false;
  let isLeaving = false;

  function closed(event: SocketCloseEvent): void {
    if (isClosed) return;
    isClosed = true;
    clearTimeout(acknowledgement);
    clearTimeout(nextPing);
    options.onClosed(event);
  }

  let socket: SocketLike;
  try {
    const Implementation = (options.webSocketImpl ?? WebSocket) as new (
      url: string,
      protocol: string,
    ) => SocketLike;
    socket = new Implementation(options.url, 'graphql-transport-ws');
  } catch (error) {
    // An address that the page's policy forbids, or a browser out of sockets.
    void Promise.resolve().then(() => closed({ code: ABNORMAL_CLOSURE, reason: String(error) }));
    return { close() {}, terminate() {} };
  }

  const send = (message: object): void => {
    if (socket.readyState === OPEN) socket.send(JSON.stringify(message));
  };

  function awaitServer(): void {
    clearTimeout(acknowledgement);
    acknowledgement = setTimeout(
      () => socket.close(ACKNOWLEDGE_TIMEOUT, 'Connection acknowledgement timeout'),
      options.acknowledgeTimeoutMs,
    );
  }

  function planPing(): void {
    clearTimeout(nextPing);
    nextPing = setTimeout(() => {
      if (socket.readyState !== OPEN) return;
      send({ type: 'ping' });
      options.onPing();
    }, options.pingIntervalMs);
  }

  function receive({ type, payload }: Message): void {
    switch (type) {
      case 'ping':
        return send({ type: 'pong' });
      case 'pong':
        options.onPong();
        return planPing();
      case 'connection_ack':
        clearTimeout(acknowledgement);
        options.onConnected();
        isSubscribed = true;
        return send({ id: SUBSCRIPTION_ID, type: 'subscribe', payload: { query: options.query } });
      case 'next':
        return options.onNext((payload ?? {}) as { data?: unknown });
      case 'error':
        isSubscribed = false;
        return options.onError(payload);
      case 'complete':
        isSubscribed = false;
        return options.onComplete();
    }
  }

  function leave(): void {
    isLeaving = true;
    if (isSubscribed) send({ id: SUBSCRIPTION_ID, type: 'complete' });
    isSubscribed = false;
    // Browsers log an error for a socket that is closed before it is open.
    if (socket.readyState !== CONNECTING) socket.close(NORMAL_CLOSURE);
  }

  socket.onopen = () => {
    if (isLeaving) return leave();
    send({ type: 'connection_init', payload: options.connectionParams });
    awaitServer();
    planPing();
  };
  socket.onmessage = ({ data }: { data: unknown }) => {
    if (isClosed) return;
    const message = readMessage(String(data));
    if (message) receive(message);
    else socket.close(BAD_RESPONSE, 'Bad response');
  };
  socket.onclose = closed;
  // A close follows. Without a listener `ws` would throw.
  socket.onerror = () => {};
  // Something between may take the connection and never answer.
  awaitServer();

  return {
    close: leave,
    terminate() {
      socket.onclose = null;
      closed({ code: TERMINATED });
      socket.close(TERMINATED);
    },
  };
}

/** Null: it is none. An error would be one of the page, and in Node end the process. */
function readMessage(text: string): Message | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' ? (message as Message | null) : null;
  } catch {
    return null;
  }
}
