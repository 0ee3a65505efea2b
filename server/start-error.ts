/**
 * A start that failed for a known reason. The message is one sentence for the operator: what is wrong with which
 * variable or file, and the cure. It holds no secret and is shown without a stack.
 */
export class StartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StartError';
  }
}

/** Ends the wait for a step of the start after `seconds`, so that no start hangs. @throws StartError */
export async function withinSeconds<Result>(
  seconds: number,
  step: string,
  work: Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, fail) => {
    timer = setTimeout(
      () => fail(new StartError(`${step} took longer than ${seconds} seconds.`)),
      seconds * 1000,
    );
  });
  // The step may fail when the wait is over.
  work.catch(() => {});
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
