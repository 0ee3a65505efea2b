import { createAccountQueue } from './account-queue.ts';

const REFUSED = new Error('refused');

/** A queue whose work the test ends. */
function queueOf(total: number) {
  const queue = createAccountQueue({ total: () => total, timeoutMs: 60_000, createError: () => REFUSED });
  const started: { account: string; end: (error?: unknown) => void }[] = [];
  return {
    started: () => started.map(({ account }) => account),
    end: (index: number, error?: unknown) => started[index]!.end(error),
    run: (account: string): Promise<unknown> =>
      queue
        .run(
          account,
          () =>
            new Promise<void>((resolve, reject) =>
              started.push({ account, end: (error) => (error === undefined ? resolve() : reject(error)) }),
            ),
        )
        .catch((error: unknown) => error),
  };
}

const lockTimeout = () => Object.assign(new Error('lock timeout'), { code: '55P03' });

const turn = () => new Promise((done) => setImmediate(done));

test('an account has at most four slots, and the rest serve other accounts', async () => {
  const { run, started, end } = queueOf(6);
  const ofOne = Array.from({ length: 6 }, () => run('one'));
  const ofTwo = run('two');
  await turn();
  expect(started()).toEqual(['one', 'one', 'one', 'one', 'two']);
  end(0);
  await ofOne[0];
  await turn();
  expect(started()).toEqual(['one', 'one', 'one', 'one', 'two', 'one']);
  end(4);
  await ofTwo;
});

test('an account whose lock is stuck has one slot until it makes progress, and waiting requests fail', async () => {
  const { run, started, end } = queueOf(6);
  const first = Array.from({ length: 5 }, () => run('one'));
  await turn();
  end(0, lockTimeout());
  expect(await first[4]).toBe(REFUSED);
  for (const index of [1, 2]) end(index, lockTimeout());
  await Promise.all(first.slice(0, 3));

  const later = run('one');
  await turn();
  expect(started()).toHaveLength(4);
  end(3);
  await first[3];
  await turn();
  expect(started()).toHaveLength(5);
  end(4);
  expect(await later).toBeUndefined();
});
