/**
 * For tests that depend on real time, in a browser or between nodes, which a busy machine can upset. CI repeats a
 * failed one once, and the summary names those that needed it.
 */
export function tryAgainInCi(): void {
  if (process.env.CI !== 'true') return;
  import.meta.jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });
}
