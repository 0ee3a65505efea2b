/** Beside the timeout of the call itself. */
const LONGEST_WAIT_MS = 100;

/**
 * Gathers what is asked in one turn of the event loop and asks it together, each key once. While `mostCalls` are under
 * way the next ones gather for longer, so a crowd costs few calls. A call that has begun is never joined: its answer
 * may be older than the question. `ask` answers for every key, in their order.
 */
export function createGathered<Question, Answer>(options: {
  keyOf(question: Question): string;
  /** Two questions with the same key. */
  merge(one: Question, other: Question): Question;
  /** Questions in one call. */
  most: number;
  mostCalls: number;
  ask(questions: Question[]): Promise<Answer[]>;
}): (question: Question) => Promise<Answer> {
  const { keyOf, merge, most, mostCalls, ask } = options;

  interface Waiting {
    question: Question;
    settle: { resolve(answer: Answer): void; reject(error: unknown): void }[];
  }
  let gathering = new Map<string, Waiting>();
  let isPlanned = false;
  let callsUnderWay = 0;
  let patience: ReturnType<typeof setTimeout> | undefined;

  async function call(all: Waiting[]): Promise<void> {
    callsUnderWay += 1;
    try {
      const answers = await ask(all.map(({ question }) => question));
      if (answers.length !== all.length) throw new Error('Not as many answers as questions.');
      all.forEach(({ settle }, index) => {
        for (const { resolve } of settle) resolve(answers[index]!);
      });
    } catch (error) {
      for (const { settle } of all) for (const { reject } of settle) reject(error);
    } finally {
      callsUnderWay -= 1;
      if (gathering.size > 0 && !isPlanned) flush();
    }
  }

  function flush(): void {
    clearTimeout(patience);
    const all = [...gathering.values()];
    gathering = new Map();
    for (let start = 0; start < all.length; start += most) void call(all.slice(start, start + most));
  }

  function plan(): void {
    isPlanned = true;
    // After all that has arrived by now, which was read from its sockets in this turn.
    setImmediate(() => {
      isPlanned = false;
      if (callsUnderWay < mostCalls) flush();
      // A call that hangs holds up nobody for long.
      else patience = setTimeout(flush, LONGEST_WAIT_MS);
    });
  }

  return (question) =>
    new Promise<Answer>((resolve, reject) => {
      const key = keyOf(question);
      const waiting = gathering.get(key);
      if (gathering.size === 0) plan();
      if (waiting) {
        waiting.question = merge(waiting.question, question);
        waiting.settle.push({ resolve, reject });
      } else gathering.set(key, { question, settle: [{ resolve, reject }] });
    });
}
