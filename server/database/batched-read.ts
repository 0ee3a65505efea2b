/** So many reads at once; what comes meanwhile waits a moment and shares the next one. */
const CONCURRENT = 2;
/** Longer than this no call waits for the reads of others: one of them may hang. */
const PATIENCE_MS = 50;

interface Batch<Key, Row> {
  keys: Set<Key>;
  rows: Promise<ReadonlyMap<Key, Row>>;
  begin(): void;
}

/**
 * Joins the reads of concurrent calls into one: those of one turn of the event loop, and under load all that come while
 * the reads before are under way. A call never joins a read that has already begun: what was committed before the call
 * is in its answer.
 */
export function createBatchedRead<Key, Row>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
): (key: Key) => Promise<Row | null> {
  let underWay = 0;
  /** Still taking calls. */
  let open: Batch<Key, Row> | null = null;
  /** The same batch, once its turn is over and only the reads before keep it waiting. */
  let waiting: Batch<Key, Row> | null = null;

  function openBatch(): Batch<Key, Row> {
    const keys = new Set<Key>();
    let timer: NodeJS.Timeout | undefined;
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const batch: Batch<Key, Row> = {
      keys,
      begin() {
        clearTimeout(timer);
        if (open === batch) open = null;
        if (waiting === batch) waiting = null;
        underWay += 1;
        begin();
      },
      rows: begun
        .then(() => read([...keys]))
        .finally(() => {
          underWay -= 1;
          if (underWay < CONCURRENT) waiting?.begin();
        }),
    };
    setImmediate(() => {
      if (underWay < CONCURRENT) return batch.begin();
      waiting = batch;
      timer = setTimeout(() => batch.begin(), PATIENCE_MS);
    });
    return batch;
  }

  return async (key) => {
    open ??= openBatch();
    open.keys.add(key);
    return (await open.rows).get(key) ?? null;
  };
}
