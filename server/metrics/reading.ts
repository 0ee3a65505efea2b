/**
 * Reads a value that costs something, such as a count in the database. A value that is `freshMs` old or less is given
 * again, and simultaneous calls share one read. Null: there is none of the last `staleMs`, because the read failed or
 * takes longer than `waitMs`. A slow read goes on, and the next call gets its result.
 */
export function createReading<T>(
  read: () => Promise<T>,
  { freshMs, waitMs, staleMs }: { freshMs: number; waitMs: number; staleMs: number },
): () => Promise<T | null> {
  /** `at` is when the read began, so a value is never older than it says. */
  let latest: { value: T; at: number } | null = null;
  let reading: Promise<void> | null = null;

  const known = (maxAgeMs: number): { value: T } | null =>
    latest !== null && performance.now() - latest.at <= maxAgeMs ? latest : null;

  async function readNow(): Promise<void> {
    const at = performance.now();
    try {
      latest = { value: await read(), at };
    } catch {
      // Nothing is known now, even if something was known before.
      latest = null;
    } finally {
      reading = null;
    }
  }

  return async () => {
    const fresh = known(freshMs);
    if (fresh) return fresh.value;
    reading ??= readNow();
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((done) => (timer = setTimeout(done, waitMs)));
    await Promise.race([reading, waited]);
    clearTimeout(timer);
    return known(staleMs)?.value ?? null;
  };
}
