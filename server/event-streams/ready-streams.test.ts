import { createReadyStreams, type ReadyStreams } from './ready-streams.ts';

let ready: ReadyStreams;
beforeEach(() => {
  ready = createReadyStreams();
});

const add = (accountId: string, id: string, isFailing = false): void =>
  ready.add({ id, accountId, isFailing });

/** The lanes that are opened, by stream. */
const open = (count: number): Record<string, number> =>
  Object.fromEntries(ready.openLanes(count).map((wanted) => [wanted.stream.id, wanted.count]));

test('lanes are shared between accounts, then between the streams of an account', () => {
  for (const id of ['a1', 'a2', 'a3']) add('a', id);
  add('b', 'b1');
  expect(open(6)).toEqual({ a1: 1, a2: 1, a3: 1, b1: 3 });
});

test('the streams that had none this time are first the next time', () => {
  for (const id of ['1', '2', '3', '4']) add(id, id);
  expect(open(2)).toEqual({ 1: 1, 2: 1 });
  add('1', '1');
  add('2', '2');
  expect(open(3)).toEqual({ 3: 1, 4: 1, 1: 1 });
});

test('a stream is ready again when it is added, also while its lanes are open', () => {
  add('a', 'a1');
  expect(open(2)).toEqual({ a1: 2 });
  expect(open(2)).toEqual({});
  add('a', 'a1');
  expect(open(2)).toEqual({ a1: 2 });
});

test('a stream has eight lanes, and one that fails has one', () => {
  add('a', 'well');
  add('b', 'failing', true);
  expect(open(20)).toEqual({ well: 8, failing: 1 });
  add('a', 'well');
  add('b', 'failing', true);
  expect(open(20)).toEqual({});
  ready.closeLane('well');
  ready.closeLane('failing');
  expect(open(20)).toEqual({ well: 1, failing: 1 });
});

test('an account with many streams has 32 lanes, and one for each stream beyond that', () => {
  for (let n = 1; n <= 5; n += 1) add('a', `slow ${n}`);
  expect(open(100)).toEqual({ 'slow 1': 7, 'slow 2': 7, 'slow 3': 6, 'slow 4': 6, 'slow 5': 6 });
  add('a', 'slow 1');
  add('a', 'another');
  add('b', 'of another account');
  expect(open(100)).toEqual({ another: 1, 'of another account': 8 });
});

test('a stream whose receiver takes nothing is not ready, and its open lanes count', () => {
  add('a', 'a1');
  open(5);
  add('a', 'a1');
  ready.remove('a1');
  expect(open(5)).toEqual({});
  add('a', 'a1');
  expect(open(5)).toEqual({ a1: 3 });
});
