/** Longer than this nobody waits for the read before: it may hang. */
const PATIENCE_MS = 5_000;

export interface Turns {
  /** Reads when its turn has come. `line`: those of one line go one after the other; `question`: the same has one answer. */
  take<T>(line: string, question: string, read: () => Promise<T>): Promise<T>;
}

interface Line {
  last: Promise<unknown>;
  waiting: Map<string, Promise<unknown>>;
}

/**
 * For reads that take long where there is much, and that many pages ask for at once: one at a time in each line, and
 * whoever asks what somebody is waiting to ask shares that answer. Nobody shares a read that has already begun: what was
 * committed before the question is in its answer.
 */
export function createTurns(): Turns {
  const lines = new Map<string, Line>();

  return {
    take<T>(name: string, question: string, read: () => Promise<T>): Promise<T> {
      const line = lines.get(name) ?? { last: Promise.resolve(), waiting: new Map() };
      lines.set(name, line);
      const shared = line.waiting.get(question) as Promise<T> | undefined;
      if (shared) return shared;

      const answer = atMost(line.last, PATIENCE_MS).then(() => {
        line.waiting.delete(question);
        return read();
      });
      line.waiting.set(question, answer);
      const over = answer.then(
        () => {},
        () => {},
      );
      line.last = over;
      void over.then(() => {
        if (line.last === over) lines.delete(name);
      });
      return answer;
    },
  };
}

/** Resolves with `work`, which does not fail, or when the time is over. */
async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
