/** Requests at a time: quick for a dozen sessions, no burst for hundreds. */
const CONCURRENCY = 5;

export interface RevokeOthersOptions {
  /** Loads the ids of the sessions to revoke, including those that started since the page was loaded. */
  list(): Promise<string[]>;
  /** Resolves to the number of revoked sessions: 0 if the session had already ended. */
  revoke(sessionId: string): Promise<number>;
  /** Called after each session. */
  onProgress?(done: number, all: number): void;
}

export interface RevokeOthersResult {
  revoked: number;
  /** Sessions that could not be revoked; they are still signed in. */
  failed: number;
  /** The first error. */
  error: unknown;
}

/** Revokes sessions one by one; a failure does not stop the others. Rejects when the list cannot be loaded. */
export async function revokeOthers({
  list,
  revoke,
  onProgress,
}: RevokeOthersOptions): Promise<RevokeOthersResult> {
  const ids = await list();
  const waiting = [...ids];
  const result: RevokeOthersResult = { revoked: 0, failed: 0, error: null };
  let done = 0;

  async function work(): Promise<void> {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        const count = await revoke(id);
        result.revoked += count;
      } catch (error) {
        result.failed += 1;
        result.error ??= error;
      }
      onProgress?.((done += 1), ids.length);
    }
  }

  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return result;
}
