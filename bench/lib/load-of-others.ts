import { setTimeout as pause } from 'node:timers/promises';
import type { ChildServer } from './child-server.ts';
import { VALIDATE_SESSION } from './documents.ts';
import { graphqlCall } from './graphql.ts';
import { applyLoad, type LoadResult } from './load.ts';
import type { Seeded } from './seed.ts';
import { expectProofs } from './throughput.ts';

/** Sessions of the other account. */
export const OTHERS = 1_000;
/** About 400 requests a second, which leave the machine spare capacity. */
const CONNECTIONS = 8;
const PAUSE_MS = 20;

/** Checks of another account's sessions, with pauses: what others notice while something large happens. */
export function loadOfOthers(
  curfew: Pick<ChildServer, 'url'>,
  others: Seeded,
): (seconds: number, end?: Promise<unknown>) => Promise<LoadResult> {
  let next = 0;
  return (seconds, end) =>
    applyLoad({
      url: curfew.url,
      connections: CONNECTIONS,
      seconds,
      until: end,
      async request(send) {
        const index = (next += 79) % OTHERS;
        const input = { sessionToken: others.tokenOf(index) };
        const answer = await send(graphqlCall(others.serviceKey, VALIDATE_SESSION, { input }));
        expectProofs('another account', answer, ['"valid":true', `"user":{"id":"${others.userOf(index)}"`]);
        await pause(PAUSE_MS);
      },
    });
}
