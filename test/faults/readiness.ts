/** A stopped node does not answer at all. */
const ANSWER_TIMEOUT_MS = 2_500;

/** Whether the node at `url` reports that it is ready. */
export async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })).status === 200;
  } catch {
    return false;
  }
}
