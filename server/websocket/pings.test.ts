import { jest } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { startPings } from './pings.ts';

const ROUND_MS = 15_000;

test('a socket that has closed is not asked any more, nor kept', () => {
  jest.useFakeTimers();
  const pings = startPings();
  const asked = { open: 0, closed: 0 };
  const socketOf = (name: keyof typeof asked) => {
    const socket = Object.assign(new EventEmitter(), {
      bufferedAmount: 0,
      ping: () => void ((asked[name] += 1), socket.emit('pong')),
      terminate: () => {},
    });
    pings.add(socket as unknown as WebSocket);
    return socket;
  };
  socketOf('open');
  const closed = socketOf('closed');
  jest.advanceTimersByTime(ROUND_MS);
  expect(asked).toEqual({ open: 1, closed: 1 });
  closed.emit('close');
  jest.advanceTimersByTime(2 * ROUND_MS);
  expect(asked).toEqual({ open: 3, closed: 1 });
  pings.stop();
  jest.useRealTimers();
});
