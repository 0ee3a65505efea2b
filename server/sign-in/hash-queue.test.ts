import { createHashQueue } from './hash-queue.ts';

/** A queue with one slot whose tasks end when the test says so. */
function oneByOne(limits: { waiting: number; waitingPerNetwork: number }) {
  const queue = createHashQueue({ slots: 1, ...limits });
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const settled = () => new Promise((done) => setImmediate(done));
  return {
    started,
    send: (network: string, name = network) =>
      queue
        .run(network, () => {
          started.push(name);
          return new Promise<void>((end) => ends.push(end));
        })
        .then(
          () => 'done',
          (error: { code: string; details: object }) => [error.code, error.details],
        ),
    async endOne() {
      await settled();
      ends.shift()!();
      await settled();
    },
  };
}

const REFUSED = ['RATE_LIMITED', { retryAfterSeconds: 1 }];

test('networks take turns, however much one of them has sent before', async () => {
  const queue = oneByOne({ waiting: 10, waitingPerNetwork: 10 });
  const sent = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => queue.send(name[0]!, name));
  for (const _ of sent) await queue.endOne();
  expect(queue.started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  expect(await Promise.all(sent)).toEqual(sent.map(() => 'done'));
});

test('a network has so many places and no more', async () => {
  const queue = oneByOne({ waiting: 10, waitingPerNetwork: 2 });
  const sent = [1, 2, 3].map(() => queue.send('a'));
  expect(await queue.send('a')).toEqual(REFUSED);
  const other = queue.send('b');
  for (let n = 0; n < 4; n += 1) await queue.endOne();
  expect(await Promise.all([...sent, other])).toEqual(['done', 'done', 'done', 'done']);
  expect(queue.started).toEqual(['a', 'a', 'b', 'a']);
});

test('a full queue makes room for another network at the cost of the longest line', async () => {
  const queue = oneByOne({ waiting: 4, waitingPerNetwork: 4 });
  const sent = [1, 2, 3, 4, 5].map((n) => queue.send('a', `a${n}`));
  const [b, c] = [queue.send('b'), queue.send('c')];
  expect(await sent[4]).toEqual(REFUSED);
  expect(await sent[3]).toEqual(REFUSED);
  expect(await queue.send('a')).toEqual(REFUSED);
  for (let n = 0; n < 5; n += 1) await queue.endOne();
  expect(queue.started).toEqual(['a1', 'a2', 'b', 'c', 'a3']);
  expect(await Promise.all([b, c])).toEqual(['done', 'done']);
});

test('a task that fails gives its slot back', async () => {
  const queue = createHashQueue({ slots: 1, waiting: 1, waitingPerNetwork: 1 });
  await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await queue.run('a', () => Promise.resolve('yes'))).toBe('yes');
});
