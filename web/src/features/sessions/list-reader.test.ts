import { createListReader, type Source } from './list-reader.ts';
import type { ListPage } from './stable-list.ts';

type Response = ListPage<number> & { summary: number };

/** A list of numbers, highest first. The test decides when each request is answered. */
function numbers() {
  const asked: { first: number; after: number | null; answer(all: number[]): void; fail(): void }[] = [];
  const source: Source<number, number> = {
    order: { idOf: String, compare: (a, b) => b - a },
    pageSize: 2,
    load: (first, after) =>
      new Promise<Response>((resolve, reject) => {
        asked.push({
          first,
          after,
          answer(all) {
            const rest = after === null ? all : all.filter((number) => number < after);
            resolve({ items: rest.slice(0, first), hasMore: rest.length > first, summary: all.length });
          },
          fail: () => reject(new Error('No answer.')),
        });
      }),
  };
  return { reader: createListReader(source), asked };
}

const settled = () => new Promise((done) => setImmediate(done));
const rowsOf = ({ list }: { list: { rows: readonly { item: number; isGone: boolean }[] } | null }) =>
  list?.rows.map(({ item, isGone }) => (isGone ? -item : item));

async function loaded(all: number[]) {
  const { reader, asked } = numbers();
  const loading = reader.reload();
  await settled();
  asked.shift()!.answer(all);
  await loading;
  return { reader, asked };
}

test('a page is loaded, then the next one', async () => {
  const { reader, asked } = await loaded([9, 8, 7]);
  expect(rowsOf(reader.getState())).toEqual([9, 8]);
  const more = reader.showMore();
  expect(reader.getState().isLoadingMore).toBe(true);
  await settled();
  expect(asked[0]).toMatchObject({ first: 2, after: 8 });
  asked.shift()!.answer([9, 8, 7]);
  await more;
  expect(rowsOf(reader.getState())).toEqual([9, 8, 7]);
  expect(reader.getState().isLoadingMore).toBe(false);
});

test('requests run one after the other, and a waiting refresh serves all callers', async () => {
  const { reader, asked } = await loaded([9, 8, 7]);
  const more = reader.showMore();
  void reader.refresh();
  const refreshed = reader.refresh();
  await settled();
  expect(asked).toHaveLength(1);
  asked.shift()!.answer([9, 8, 7]);
  await more;
  await settled();
  expect(asked).toHaveLength(1);
  asked.shift()!.answer([9, 7]);
  await refreshed;
  await settled();
  expect(asked).toHaveLength(0);
  expect(rowsOf(reader.getState())).toEqual([9, -8, 7]);
  expect(reader.getState().summary).toBe(2);
});

test('a reload drops pending responses and rows that are gone', async () => {
  const { reader, asked } = await loaded([9, 8]);
  void reader.refresh();
  await settled();
  const reloaded = reader.reload();
  asked.shift()!.answer([1]);
  await settled();
  asked.shift()!.answer([9, 7]);
  await reloaded;
  expect(rowsOf(reader.getState())).toEqual([9, 7]);
});

test('a failure keeps the rows, and the next response clears it', async () => {
  const { reader, asked } = await loaded([9, 8]);
  const failing = reader.refresh();
  await settled();
  asked.shift()!.fail();
  await failing;
  expect(rowsOf(reader.getState())).toEqual([9, 8]);
  expect(reader.getState().error).toBeInstanceOf(Error);
  const refreshed = reader.refresh();
  await settled();
  asked.shift()!.answer([9, 8]);
  await refreshed;
  expect(reader.getState().error).toBeUndefined();
});

test('a response after the stop is ignored', async () => {
  const { reader, asked } = await loaded([9, 8]);
  const refreshed = reader.refresh();
  await settled();
  reader.stop();
  asked.shift()!.answer([1]);
  await refreshed;
  expect(rowsOf(reader.getState())).toEqual([9, 8]);
});

test('more than one page is read in parts, no further than the shown rows', async () => {
  const all = Array.from({ length: 300 }, (_, index) => 1000 - index);
  const { reader, asked } = await loaded(all);
  while (reader.getState().list!.rows.length < 150) {
    const more = reader.showMore();
    await settled();
    asked.shift()!.answer(all);
    await more;
  }
  const refreshed = reader.refresh();
  await settled();
  expect(asked[0]).toMatchObject({ first: 99, after: null });
  asked.shift()!.answer(all);
  await settled();
  expect(asked[0]).toMatchObject({ first: 99, after: all[98] });
  asked.shift()!.answer(all);
  await refreshed;
  expect(asked).toHaveLength(0);
  expect(reader.getState().list).toMatchObject({ newItems: 0, hasMore: true });
});
