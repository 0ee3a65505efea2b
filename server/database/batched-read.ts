import { createBatches } from './batches.ts';

/** Batches concurrent look-ups by key into one read (see `createBatches`). A key without a row is not in the answer. */
export function createBatchedReads<Key, Row>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
): (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>> {
  return createBatches(async (calls: readonly (readonly Key[])[]) => {
    const found = await read([...new Set(calls.flat())]);
    return calls.map(() => found);
  });
}

/** Batches look-ups of one key each. Null: no such row. */
export function createBatchedRead<Key, Row>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
): (key: Key) => Promise<Row | null> {
  const findAll = createBatchedReads(read);
  return async (key) => (await findAll([key])).get(key) ?? null;
}
