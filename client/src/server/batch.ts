/** Maximum wait for a call in flight, before the next batch is sent beside it. */
const MAX_WAIT_MS = 100;

/**
 * Batches the requests of one event-loop turn into one call, each key once. While `maxCalls` are in flight, further
 * requests wait for the next batch. A request never joins a call in flight, whose answer may be older than the request.
 * `call` answers for every key, in their order.
 */
export function createBatcher<Request, Answer>(options: {
  keyOf(request: Request): string;
  /** Combines two requests with the same key. */
  merge(one: Request, other: Request): Request;
  /** Requests in one call. */
  maxSize: number;
  maxCalls: number;
  call(requests: Request[]): Promise<Answer[]>;
}): (request: Request) => Promise<Answer> {
  const { keyOf, merge, maxSize, maxCalls, call } = options;

  interface Waiting {
    request: Request;
    settle: { resolve(answer: Answer): void; reject(error: unknown): void }[];
  }
  let batch = new Map<string, Waiting>();
  let isPlanned = false;
  let callsInFlight = 0;
  let timeout: ReturnType<typeof setTimeout> | undefined;

  async function send(all: Waiting[]): Promise<void> {
    callsInFlight += 1;
    try {
      const answers = await call(all.map(({ request }) => request));
      if (answers.length !== all.length) throw new Error('Not as many answers as requests.');
      all.forEach(({ settle }, index) => {
        for (const { resolve } of settle) resolve(answers[index]!);
      });
    } catch (error) {
      for (const { settle } of all) for (const { reject } of settle) reject(error);
    } finally {
      callsInFlight -= 1;
      if (batch.size > 0 && !isPlanned) flush();
    }
  }

  function flush(): void {
    clearTimeout(timeout);
    const all = [...batch.values()];
    batch = new Map();
    for (let start = 0; start < all.length; start += maxSize) void send(all.slice(start, start + maxSize));
  }

  function plan(): void {
    isPlanned = true;
    // After everything that was read from the sockets in this turn.
    setImmediate(() => {
      isPlanned = false;
      if (callsInFlight < maxCalls) flush();
      // A call that hangs does not hold up the others for long.
      else timeout = setTimeout(flush, MAX_WAIT_MS);
    });
  }

  return (request) =>
    new Promise<Answer>((resolve, reject) => {
      const key = keyOf(request);
      const waiting = batch.get(key);
      if (batch.size === 0) plan();
      if (waiting) {
        waiting.request = merge(waiting.request, request);
        waiting.settle.push({ resolve, reject });
      } else batch.set(key, { request, settle: [{ resolve, reject }] });
    });
}
