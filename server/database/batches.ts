import { isDataFault } from './database-errors.ts';

/** A batch waits no longer for the statement in flight, which may hang. */
const QUEUE_TIMEOUT_MS = 50;

/** The result of one item. */
type Outcome<Answer> = { answer: Answer } | { error: unknown };

interface Batch<Item, Answer> {
  items: Item[];
  outcomes: Promise<readonly Outcome<Answer>[]>;
  start(): void;
}

/**
 * Batches concurrent calls into one statement: all calls of one event-loop turn and, while a statement is in flight, all
 * calls until it returns. A call never joins a statement already in flight, so its answer includes everything committed
 * before the call. One statement at a time: two would each carry half as many calls.
 * @param gatherMs how long a batch waits for more calls, where no one is kept waiting for the answer
 * @param run answers the items in their order. What it throws is thrown at every call of the batch, except a data fault:
 *   then the batch is halved and run again until only the calls with that fault fail.
 */
export function createBatches<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { gatherMs }: { gatherMs?: number } = {},
): (item: Item) => Promise<Answer> {
  let inFlight = 0;
  /** Takes calls. */
  let open: Batch<Item, Answer> | null = null;
  /** Takes calls too, but its turn of the event loop is over: it waits for the statement in flight. */
  let waiting: Batch<Item, Answer> | null = null;

  function openBatch(): Batch<Item, Answer> {
    const items: Item[] = [];
    let timer: NodeJS.Timeout | undefined;
    let start = (): void => {};
    const started = new Promise<void>((resolve) => (start = resolve));
    const batch: Batch<Item, Answer> = {
      items,
      start() {
        clearTimeout(timer);
        if (open === batch) open = null;
        if (waiting === batch) waiting = null;
        inFlight += 1;
        start();
      },
      outcomes: started
        .then(() => settle(items, run))
        .finally(() => {
          inFlight -= 1;
          if (inFlight === 0) waiting?.start();
        }),
    };
    const close = (): void => {
      if (inFlight === 0) return batch.start();
      waiting = batch;
      timer = setTimeout(() => batch.start(), QUEUE_TIMEOUT_MS);
    };
    if (gatherMs === undefined) setImmediate(close);
    else setTimeout(close, gatherMs);
    return batch;
  }

  return async (item) => {
    const batch = (open ??= openBatch());
    const index = batch.items.push(item) - 1;
    const outcome = (await batch.outcomes)[index]!;
    if ('error' in outcome) throw outcome.error;
    return outcome.answer;
  };
}

async function settle<Item, Answer>(
  items: readonly Item[],
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<Outcome<Answer>[]> {
  try {
    return (await run(items)).map((answer) => ({ answer }));
  } catch (error) {
    if (items.length === 1 || !isDataFault(error)) return items.map(() => ({ error }));
    const middle = items.length >> 1;
    const first = await settle(items.slice(0, middle), run);
    return [...first, ...(await settle(items.slice(middle), run))];
  }
}
