/** Starts a timeout that several waits can share. After it every wait rejects with the error of `createError`. */
export function startTimeout(timeoutMs: number, createError: () => Error) {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    // After a stall of this process timers run before I/O. An answer that arrived in time still counts.
    timer = setTimeout(
      () =>
        setImmediate(() =>
          setImmediate(() => {
            isOver = true;
            reject(createError());
          }),
        ),
      timeoutMs,
    );
  });
  timeout.catch(() => {});
  return {
    /** Does not start `work` after the timeout. */
    race: <T>(work: () => Promise<T>): Promise<T> => Promise.race(isOver ? [timeout] : [work(), timeout]),
    stop: () => clearTimeout(timer),
  };
}
