/**
 * For the tests of a file that hang on time as it really passes, in a browser or between nodes: a busy machine can upset
 * them. In CI one that fails is tried once more, and the summary names whichever needed it, so that none is overlooked.
 */
export function tryAgainInCi(): void {
  if (process.env.CI !== 'true') return;
  import.meta.jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });
}
