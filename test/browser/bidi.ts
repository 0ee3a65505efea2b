import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';

/** A connection to a browser that speaks WebDriver BiDi (W3C). */
export interface Bidi {
  /** @throws Error with what the browser says */
  send<T = unknown>(method: string, params?: object): Promise<T>;
  on<T>(event: string, listener: (params: T) => void): void;
  close(): void;
}

interface Message {
  id?: number;
  type: 'success' | 'error' | 'event';
  result?: unknown;
  error?: string;
  message?: string;
  method?: string;
  params?: unknown;
}

export async function connectBidi(url: string): Promise<Bidi> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners = new Map<string, ((params: never) => void)[]>();
  let last = 0;

  socket.on('message', (data: RawData) => {
    const { id, type, result, error, message, method, params } = JSON.parse(String(data)) as Message;
    if (type === 'event') {
      for (const listener of listeners.get(method!) ?? []) listener(params as never);
      return;
    }
    const call = waiting.get(id!);
    waiting.delete(id!);
    if (type === 'success') call?.resolve(result);
    else call?.reject(new Error(`${error}: ${message}`));
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The browser has closed the connection.'));
    waiting.clear();
  });
  await once(socket, 'open');

  return {
    send<T>(method: string, params: object = {}) {
      const id = (last += 1);
      const call = Promise.withResolvers<unknown>();
      waiting.set(id, call);
      socket.send(JSON.stringify({ id, method, params }));
      return call.promise as Promise<T>;
    },
    on(event, listener) {
      listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    },
    close: () => socket.close(),
  };
}
