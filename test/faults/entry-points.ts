import { createGraphQLClient, type Answer } from '../graphql-client.ts';
import type { Tally } from './tally.ts';

/**
 * Timeout of a client. The kit's fifteen seconds, on the fast clock of these tests: still longer than a node needs to
 * report an unreachable database.
 */
export const ANSWER_TIMEOUT_MS = 3_000;
/** Answers are still read for this long after the client gave up: they may show a fork. */
const LATE_ANSWER_TIMEOUT_MS = 12_000;

export interface Request {
  query: string;
  variables?: Record<string, unknown>;
  token?: string;
  /** An answer that came after the client gave up. */
  onLate?(answer: Answer): void;
}

/** The outcome of a request. */
export interface Reply {
  /** On the monotonic clock of this process. */
  begunAt: number;
  /** Null: no answer in time. */
  answer: Answer | null;
}

/** The addresses of an installation, one per node. */
export interface Entrances {
  readonly urls: readonly string[];
  /** Start of the last request that a node accepted; -Infinity: none. */
  acceptedAt(url: string): number;
  /** Sends a request to one node. Never rejects. */
  ask(url: string, request: Request): Promise<Reply>;
}

export function createEntrances(urls: readonly string[], tally: Tally): Entrances {
  const clients = new Map(urls.map((url) => [url, createGraphQLClient(url)]));

  const accepted = new Map<string, number>();

  function record(url: string, begunAt: number, { status, code, errors }: Answer): void {
    if (status === 200 && code === undefined) accepted.set(url, begunAt);
    if (code === 'UNAVAILABLE' || status === 503) tally.unavailable += 1;
    else if (status >= 500 || code === 'INTERNAL_SERVER_ERROR')
      tally.faults.push(`${status} ${code} ${errors?.[0]?.message}`);
  }

  return {
    urls,
    acceptedAt: (url) => accepted.get(url) ?? -Infinity,
    async ask(url, { query, variables = {}, token, onLate }) {
      const begunAt = performance.now();
      let isLate = false;
      const asked = clients
        .get(url)!
        .gql(query, variables, { token, signal: AbortSignal.timeout(LATE_ANSWER_TIMEOUT_MS) })
        .then(
          (answer) => {
            record(url, begunAt, answer);
            if (isLate) onLate?.(answer);
            return answer;
          },
          // The connection broke, or the answer was malformed.
          () => null,
        );
      let timer: NodeJS.Timeout;
      const gaveUp = new Promise<null>((resolve) => (timer = setTimeout(resolve, ANSWER_TIMEOUT_MS, null)));
      const answer = await Promise.race([asked, gaveUp]);
      clearTimeout(timer!);
      isLate = true;
      if (answer === null) tally.repeats += 1;
      return { begunAt, answer };
    },
  };
}

/** Whether the request may be repeated: the answer does not decide about the session. */
export const isTemporary = (answer: Answer | null): boolean =>
  answer === null ||
  answer.status === 503 ||
  answer.code === 'UNAVAILABLE' ||
  answer.extensions.reason === 'TOO_LATE';

/** Repeats a request at one node after the other until it is answered. Null once `isNeeded` is false. */
export async function askUntilAnswered(
  entrances: Entrances,
  first: number,
  requestOf: () => Request,
  options: { isNeeded(): boolean; onSilence?(url: string): void },
): Promise<(Reply & { answer: Answer }) | null> {
  const { urls } = entrances;
  for (let attempt = 0; options.isNeeded(); attempt += 1) {
    const url = urls[(first + attempt) % urls.length]!;
    const { begunAt, answer } = await entrances.ask(url, requestOf());
    if (answer && !isTemporary(answer)) return { begunAt, answer };
    if (!answer) options.onSilence?.(url);
    await pause(50 + 100 * Math.random());
  }
  return null;
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));
