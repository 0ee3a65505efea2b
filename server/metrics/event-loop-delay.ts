const EVERY_MS = 20;

/**
 * Reports, fifty times a second, how much later than planned a timer ran. While the event loop is blocked every request
 * of this process waits as long.
 */
export function watchEventLoop(report: (delaySeconds: number) => void): { stop(): void } {
  let plannedAt = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    report(Math.max(0, now - plannedAt) / 1000);
    plannedAt = now + EVERY_MS;
  }, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
