import { setTimeout as pause } from 'node:timers/promises';
import { onPostgres } from '../databases.ts';
import { report, seedsOf, sized, timeLimit } from '../size.ts';
import { createRandom } from './random.ts';
import { sendRaw, KINDS, rawRequest } from './raw-requests.ts';
import { startTarget, type Target } from './target.ts';
import { expectUnharmed } from './expect-unharmed.ts';

const REQUESTS = sized(2_000, 100_000);
const AT_ONCE = 25;
/** Between the starts of two attackers. */
const SPREAD_MS = 5;

onPostgres(() => {
  let target: Target;
  beforeAll(async () => (target = await startTarget('postgresql')));
  afterAll(() => target.stop());

  test.each(seedsOf([31]))(
    'no bytes on a connection cause a fault or end the process (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const before = await target.vitals();
      const found: string[] = [];
      let left = REQUESTS;
      async function attack(index: number): Promise<void> {
        // Requests in one turn of the server's event loop would be measured as one.
        await pause(index * SPREAD_MS);
        while (left > 0) {
          left -= 1;
          const raw = rawRequest(random);
          for (const status of await sendRaw(target.port, raw))
            if (/ 5\d\d$/.test(status)) found.push(`${raw.kind}: ${status}`);
          if (target.server.child.exitCode !== null) throw new Error(`Ended by one like: ${raw.kind}`);
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => attack(index)));
      report('raw requests', { seed, sent: REQUESTS, kinds: KINDS.length, found: found.length });
      expect([...new Set(found)].toSorted()).toEqual([]);
      await expectUnharmed(target, before);
    },
    timeLimit,
  );
});
