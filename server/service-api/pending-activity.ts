import { mergeActivity, type BufferedActivity } from './buffered-activity.ts';

/** Activity by session id. */
export type ActivityBatch = ReadonlyMap<string, BufferedActivity>;

/** The activity that is not written yet: what waits, and what the current flush is writing. */
export interface PendingActivity {
  /** The number of sessions whose activity waits. */
  readonly size: number;
  /** The ids of the sessions whose activity waits. */
  ids(): string[];
  add(id: string, activity: BufferedActivity): void;
  /** All activity in the session, including the flush in flight. */
  get(id: string): BufferedActivity | undefined;
  /** Returns all activity in these sessions, which then waits no more. */
  take(ids: Iterable<string>): ActivityBatch;
  putBack(batch: ActivityBatch): void;
  /** Marks a batch as in flight, in place of the one before: readers and other writers still include it. */
  setInFlight(batch: ActivityBatch): void;
}

export function createPendingActivity(): PendingActivity {
  const waiting = new Map<string, BufferedActivity>();
  let inFlight: ActivityBatch = new Map();

  const add = (id: string, activity: BufferedActivity): void =>
    void waiting.set(id, mergeActivity(activity, waiting.get(id)));

  const get = (id: string): BufferedActivity | undefined => {
    const [late, early] = [waiting.get(id), inFlight.get(id)];
    return late ? mergeActivity(late, early) : early;
  };

  return {
    get size() {
      return waiting.size;
    },
    ids: () => [...waiting.keys()],
    add,
    get,
    take(ids) {
      const taken = new Map<string, BufferedActivity>();
      for (const id of ids) {
        const activity = get(id);
        if (activity) taken.set(id, activity);
        waiting.delete(id);
      }
      return taken;
    },
    putBack(batch) {
      for (const [id, activity] of batch) add(id, activity);
    },
    setInFlight(batch) {
      inFlight = batch;
    },
  };
}
