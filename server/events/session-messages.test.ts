import { randomUUID } from 'node:crypto';
import type { SessionEvent } from './session-bus.ts';
import { createSessionMessages } from './session-messages.ts';

const MAX_BYTES = 7_999;

const sender = createSessionMessages(MAX_BYTES);
const receiver = createSessionMessages(MAX_BYTES);

const ended = (sessionIds: string[]): SessionEvent => ({
  accountId: randomUUID(),
  kind: 'ENDED',
  sessionIds,
});

function deliver(event: SessionEvent): string[] {
  const messages = sender.write(event);
  for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(MAX_BYTES);
  const received = messages.map((message) => receiver.read(message)!);
  for (const { accountId, kind } of received)
    expect([accountId, kind]).toEqual([event.accountId, event.kind]);
  return received.flatMap(({ sessionIds }) => sessionIds);
}

test('an event of few sessions is one message', () => {
  const event = ended([randomUUID(), 'imported']);
  expect(sender.write(event)).toHaveLength(1);
  expect(receiver.read(sender.write(event)[0]!)).toEqual(event);
});

test('an event of a new device names its user', () => {
  const event = { ...ended([randomUUID()]), kind: 'NEW_DEVICE', userId: randomUUID() } as const;
  expect(receiver.read(sender.write(event)[0]!)).toEqual(event);
});

test('an event that names no session is one message', () => {
  expect(sender.write(ended([]))).toHaveLength(1);
  expect(deliver(ended([]))).toEqual([]);
});

test.each([
  ['UUIDs', () => randomUUID()],
  ['the longest ids in four bytes', () => '😀'.repeat(200)],
  ['the longest ids of characters that JSON escapes', () => '\u0001'.repeat(200)],
  ['the shortest ids', () => 'x'],
])('an event of 3,000 sessions is split so that every message fits and none is lost: %s', (_, createId) => {
  const ids = Array.from({ length: 3_000 }, createId);
  expect(deliver(ended(ids))).toEqual(ids);
});

test('messages are nearly full', () => {
  const messages = sender.write(ended(Array.from({ length: 1_000 }, () => randomUUID())));
  for (const message of messages.slice(0, -1)) expect(message.length).toBeGreaterThan(MAX_BYTES - 40);
});

test('a node skips its own messages', () => {
  expect(sender.read(sender.write(ended(['a']))[0]!)).toBeNull();
});

const good = { v: 1, from: randomUUID(), accountId: randomUUID(), kind: 'ENDED', sessionIds: ['a'] };

test('a valid message is read', () => {
  const { accountId, kind, sessionIds } = good;
  expect(receiver.read(JSON.stringify({ ...good, more: 1 }))).toEqual({ accountId, kind, sessionIds });
});

test.each([
  ['no JSON', 'self-test'],
  ['empty', ''],
  ['of another version', { ...good, v: 2 }],
  ['of an unknown kind', { ...good, kind: 'FORGOTTEN' }],
  ['from no node', { ...good, from: 'a' }],
  ['about no account', { ...good, accountId: "' or true --" }],
  ['about no user', { ...good, kind: 'NEW_DEVICE', userId: "' or true --" }],
  ['with impossible ids', { ...good, sessionIds: ['x'.repeat(201)] }],
  ['with ids that are no texts', { ...good, sessionIds: [7, null] }],
  ['with more than a thousand ids', { ...good, sessionIds: Array.from({ length: 1_001 }, () => 'a') }],
  ['oversized', { ...good, more: 'x'.repeat(2_000_000) }],
])('a message is skipped when it is %s', (_, message) => {
  expect(receiver.read(typeof message === 'string' ? message : JSON.stringify(message))).toBeNull();
});
