import { setImmediate } from 'node:timers/promises';
import { endOthers } from './end-others.ts';

const ids = (count: number) => Array.from({ length: count }, (_, number) => `session-${number}`);

test('every session is ended, five at a time', async () => {
  let [now, most] = [0, 0];
  const told: string[] = [];
  const result = await endOthers({
    list: async () => ids(12),
    async end() {
      most = Math.max(most, (now += 1));
      await setImmediate();
      now -= 1;
      return 1;
    },
    onProgress: (done, all) => told.push(`${done}/${all}`),
  });
  expect(result).toEqual({ ended: 12, left: 0, problem: null });
  expect(most).toBe(5);
  expect(told).toEqual(ids(12).map((_, number) => `${number + 1}/12`));
});

test('a session that was over already does not count as ended by us', async () => {
  const end = async (id: string) => (id === 'session-1' ? 0 : 1);
  expect(await endOthers({ list: async () => ids(3), end })).toMatchObject({ ended: 2, left: 0 });
});

test('one failure in the middle leaves that session alone, and says so', async () => {
  const problem = new Error('lost');
  const tried: string[] = [];
  const result = await endOthers({
    list: async () => ids(7),
    async end(id) {
      tried.push(id);
      if (id === 'session-2' || id === 'session-5') throw id === 'session-2' ? problem : new Error('later');
      return 1;
    },
  });
  expect(tried).toEqual(ids(7));
  expect(result).toEqual({ ended: 5, left: 2, problem });
});

test('without a list nothing is ended', async () => {
  const ended: string[] = [];
  const end = async (id: string) => ended.push(id);
  const lost = new Error('lost');
  await expect(endOthers({ list: () => Promise.reject(lost), end })).rejects.toBe(lost);
  expect(ended).toEqual([]);
});
