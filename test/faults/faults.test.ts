import { hasRedisServer } from '../nodes/redis-server.ts';
import { sized } from '../size.ts';
import { createEntrances } from './entry-points.ts';
import { faults, type Fault, type Site } from './faults.ts';
import { addPeople, startInstallation, type Installation } from './installation.ts';
import { startOwnPostgres } from './own-postgres.ts';
import { isReady } from './readiness.ts';
import type { Scene } from './round.ts';
import { playRounds } from './rounds.ts';
import { newTally } from './tally.ts';

const CLIENTS = sized(20, 40);
const START_TIMEOUT_MS = 120_000;
/** A safety net: every wait in a round has its own limit. */
const FAULT_TIMEOUT_MS = sized(90_000, 30 * 60_000);

const postgres = await startOwnPostgres();
const where = 'two nodes on a PostgreSQL of their own';

if (typeof postgres === 'string') {
  describe(`on ${where} (left out, because none can be started here: ${postgres})`, () =>
    test.skip.each(faults)('$name', () => {}));
} else {
  describe(`on ${where}`, () => {
    let installation: Installation;
    let scene: Scene;
    beforeAll(async () => {
      installation = await startInstallation(postgres);
      const { places } = installation;
      const tally = newTally();
      const entrances = createEntrances(
        places.map(({ front }) => `http://127.0.0.1:${front.port}`),
        tally,
      );
      const people = await addPeople(installation, 2);
      let signIns = 0;
      scene = {
        entrances,
        tally,
        clients: [],
        clientCount: CLIENTS,
        someone: () => people[(signIns += 1) % people.length]!,
        readiness: () => Promise.all(places.map(({ node }) => isReady(node.url))),
        dead: () =>
          places
            .filter(
              ({ node: { server } }) => server.child.exitCode !== null || server.child.signalCode !== null,
            )
            .map(({ node: { server } }) => server.stderr),
        generations: installation.generations,
      };
    }, START_TIMEOUT_MS);
    afterAll(async () => {
      await Promise.all(scene?.clients.map((client) => client.stop()) ?? []);
      await (installation ?? postgres).stop();
    }, START_TIMEOUT_MS);

    for (const fault of faults) {
      const isPossible = !fault.needsRedis || hasRedisServer;
      (isPossible ? test : test.skip)(
        `${fault.name}: no user is signed out, and everything is served again within ten seconds`,
        () => play(fault),
        FAULT_TIMEOUT_MS,
      );
    }

    const play = (fault: Fault): Promise<void> =>
      playRounds(fault.name, scene, (round) => {
        const { places } = installation;
        const number = round % places.length;
        const site: Site = { ...installation, hit: places[number]! };
        return {
          unready: fault.unready === 'every node' ? [...places.keys()] : fault.unready ? [number] : [],
          isServedElsewhere: fault.isServedElsewhere,
          begin: () => fault.begin(site),
          end: () => fault.end(site),
        };
      });
  });
}
