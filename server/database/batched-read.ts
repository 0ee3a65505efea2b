import { createBatches } from './batches.ts';

/** Concurrent look-ups by key share one read (see `createBatches`). What is not there is not in the answer. */
export function createBatchedReads<Key, Row>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
): (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>> {
  return createBatches(async (calls: readonly (readonly Key[])[]) => {
    const found = await read([...new Set(calls.flat())]);
    return calls.map(() => found);
  });
}

/** The same for one key at a time. Null for what is not there. */
export function createBatchedRead<Key, Row>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
): (key: Key) => Promise<Row | null> {
  const findAll = createBatchedReads(read);
  return async (key) => (await findAll([key])).get(key) ?? null;
}
