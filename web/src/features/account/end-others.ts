/** So many at a time: quick for a dozen, and no burst for hundreds. */
const AT_ONCE = 5;

export interface EndingOthers {
  /** The ids of the sessions to end, asked for anew, so that none is left out that started meanwhile. */
  list(): Promise<string[]>;
  /** How many it ended: 0 where it was over already. */
  end(sessionId: string): Promise<number>;
  /** After each. */
  onProgress?(done: number, all: number): void;
}

export interface OthersEnded {
  ended: number;
  /** Those that could not be ended, with the first reason; they are still signed in. */
  left: number;
  problem: unknown;
}

/** Ends sessions one by one; one that fails does not keep the others alive. Rejects where the list cannot be had. */
export async function endOthers({ list, end, onProgress }: EndingOthers): Promise<OthersEnded> {
  const ids = await list();
  const waiting = [...ids];
  const result: OthersEnded = { ended: 0, left: 0, problem: null };
  let done = 0;

  async function work(): Promise<void> {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        const count = await end(id);
        result.ended += count;
      } catch (error) {
        result.left += 1;
        result.problem ??= error;
      }
      onProgress?.((done += 1), ids.length);
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return result;
}
