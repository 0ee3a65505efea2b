/** Longer than this nothing waits for the statement before: it may hang. */
const PATIENCE_MS = 50;

interface Batch<Item, Answer> {
  items: Item[];
  answers: Promise<readonly Answer[]>;
  begin(): void;
}

/**
 * Joins concurrent calls into one statement: those of one turn of the event loop, and under load all that come while
 * the statement before is under way. One at a time: two would be twice as many statements of half as many calls. A call
 * never joins a statement that has already begun: what was committed before the call is known to its answer.
 * @param run answers the items in their order; what it throws is thrown at every call of the batch
 */
export function createBatches<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  let underWay = 0;
  /** Still taking calls. */
  let open: Batch<Item, Answer> | null = null;
  /** The same batch, once its turn is over and only the statement before keeps it waiting. */
  let waiting: Batch<Item, Answer> | null = null;

  function openBatch(): Batch<Item, Answer> {
    const items: Item[] = [];
    let timer: NodeJS.Timeout | undefined;
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const batch: Batch<Item, Answer> = {
      items,
      begin() {
        clearTimeout(timer);
        if (open === batch) open = null;
        if (waiting === batch) waiting = null;
        underWay += 1;
        begin();
      },
      answers: begun
        .then(() => run(items))
        .finally(() => {
          underWay -= 1;
          if (underWay === 0) waiting?.begin();
        }),
    };
    setImmediate(() => {
      if (underWay === 0) return batch.begin();
      waiting = batch;
      timer = setTimeout(() => batch.begin(), PATIENCE_MS);
    });
    return batch;
  }

  return async (item) => {
    const batch = (open ??= openBatch());
    const place = batch.items.push(item) - 1;
    return (await batch.answers)[place]!;
  };
}
