/**
 * Joins the reads of concurrent calls into one. A call never joins a read that has already begun: what was committed
 * before the call is in its answer.
 */
export function createBatchedRead<Key, Row>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
): (key: Key) => Promise<Row | null> {
  let next: { keys: Set<Key>; rows: Promise<ReadonlyMap<Key, Row>> } | null = null;

  function begin(): { keys: Set<Key>; rows: Promise<ReadonlyMap<Key, Row>> } {
    const keys = new Set<Key>();
    const rows = new Promise<void>((done) => setImmediate(done)).then(() => {
      next = null;
      return read([...keys]);
    });
    return { keys, rows };
  }

  return async (key) => {
    next ??= begin();
    next.keys.add(key);
    return (await next.rows).get(key) ?? null;
  };
}
