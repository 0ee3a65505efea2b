import WebSocket from 'ws';
import { followSessionExpiry } from '../../client/src/follow-session-expiry.ts';

/** The kit's retry delays, on the fast clock of these tests. */
const FASTER = 5;
const MAX_DESCRIBED = 8;

export interface Follower {
  /** The end as the kit got it: reason and time. */
  readonly over: Promise<{ reason: string; at: number }>;
  /** Its latest connections, to explain a missing end. */
  describe(): string;
  /** The node does not answer: connects to another one, if any, without waiting for the missing pong. */
  leave(url: string): void;
  stop(): void;
}

/** Follows a session with the kit, at one node after the other. */
export function followSession(urls: readonly string[], first: number, accessToken: () => string): Follower {
  let attempt = first;
  let socket: WebSocket | null = null;
  let node: string | null = null;
  const history: string[] = [];

  class NextNode extends WebSocket {
    constructor(_url: string, protocols: string) {
      const url = urls[attempt % urls.length]!;
      super(`${url.replace(/^http/, 'ws')}/graphql`, protocols);
      attempt += 1;
      node = url;
      // eslint-disable-next-line @typescript-eslint/no-this-alias
      socket = this;
      const began = performance.now();
      const note = (what: string) =>
        history.push(`${what} after ${Math.round(performance.now() - began)} ms`);
      this.once('open', () => note('open'));
      this.once('message', () => note('acknowledged'));
      this.once('close', (code) => note(`closed with ${code}`));
    }
  }

  const { promise: over, resolve } = Promise.withResolvers<{ reason: string; at: number }>();
  const stop = followSessionExpiry({
    url: `${urls[0]!.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: NextNode,
    timers: {
      setTimeout: (task, milliseconds) => setTimeout(task, milliseconds / FASTER),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    getAccessToken: accessToken,
    onEvent: () => {},
    onOver: ({ reason }) => resolve({ reason, at: performance.now() }),
  });
  return {
    over,
    describe: () => history.slice(-MAX_DESCRIBED).join(', '),
    leave: (url) => void (urls.length > 1 && url === node && socket?.terminate()),
    stop,
  };
}
