import { createBatches } from './batches.ts';

const dataFault = (): Error => Object.assign(new Error('invalid byte sequence'), { code: '22021' });

test('a batch that fails for one value is run again without it, and the other calls get their answers', async () => {
  const runs: string[][] = [];
  const call = createBatches(async (batch: readonly string[]) => {
    runs.push([...batch]);
    if (batch.some((item) => item.includes('\0'))) throw dataFault();
    return batch.map((item) => `answer to ${item}`);
  });
  const items = ['a', 'b', '\0', 'd', 'e'];
  const answers = await Promise.allSettled(items.map(call));
  expect(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason.code)),
  ).toEqual(['answer to a', 'answer to b', '22021', 'answer to d', 'answer to e']);
  expect(runs[0]).toEqual(items);
});

test('an unreachable database is not asked once for every call', async () => {
  let runs = 0;
  const call = createBatches(async () => {
    runs += 1;
    throw Object.assign(new Error('unreachable'), { code: 'ECONNREFUSED' });
  });
  const answers = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => call(n)));
  expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
  expect(runs).toBe(1);
});
