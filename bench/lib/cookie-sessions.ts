import type { ProvenCall } from './throughput.ts';

const MAX_CONNECTING = 16;

/**
 * Creates `count` sessions at one of the servers with cookies, each of a user of its own. `next` returns the call that
 * reads the next of them, round and round.
 */
export async function openCookieSessions(url: string, count: number): Promise<{ next(): ProvenCall }> {
  const calls: ProvenCall[] = [];
  let started = 0;
  await Promise.all(
    Array.from({ length: MAX_CONNECTING }, async () => {
      while (started < count) {
        const response = await fetch(`${url}/start?user=user-${(started += 1)}`);
        if (!response.ok) throw new Error(`A session could not be created: ${response.status}`);
        const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
        const { userId } = (await response.json()) as { userId: string };
        const headers = { cookie: cookies.join('; ') };
        calls.push({ path: '/me', method: 'GET', headers, proofs: [`"userId":"${userId}"`] });
      }
    }),
  );
  let next = 0;
  return { next: () => calls[(next += 1) % calls.length]! };
}
