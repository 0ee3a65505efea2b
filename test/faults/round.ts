import { startClient, type HonestClient } from './client.ts';
import { pause, type Entrances } from './entry-points.ts';
import { waitLonger, revoke, signIn, type Credentials, type Waiting } from './users.ts';
import { expectNoHarm, type Tally } from './tally.ts';

/** Everything is served again so long after the end of a fault (I18), and elsewhere after its start (I22). */
const MAX_RECOVERY_MS = 10_000;
/** A node that cannot see the rows reports it within five seconds (I23). */
const MAX_UNREADY_DELAY_MS = 6_000;
const VICTIMS = 2;

export interface Someone extends Credentials {
  /** Owners, who may end the sessions of others. */
  readonly owner: Credentials;
}

interface Client extends HonestClient {
  readonly owner: Credentials;
}

/** The installation of the rounds. */
export interface Scene {
  readonly entrances: Entrances;
  readonly tally: Tally;
  /** Clients with live sessions. */
  readonly clients: Client[];
  readonly clientCount: number;
  /** Users who sign in next. */
  someone(): Someone;
  /** Of every node, in the order of the entry points. */
  readiness(): Promise<boolean[]>;
  /** Processes that ended unexpectedly. */
  dead(): string[];
  /** Number of rotations of each session, if it can be looked up. */
  generations?(ids: readonly string[]): Promise<Map<string, number>>;
}

/** One round; `unready` are the numbers of the nodes that have to report it. */
export interface Event {
  unready: readonly number[];
  isServedElsewhere: boolean;
  /** Delay before the fault and its minimum duration, in milliseconds. */
  pauses: Pauses;
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
}

export interface Pauses {
  before: number;
  during: number;
}

/** Signs in as many clients as earlier rounds have lost. @throws when no user can sign in */
export async function fill(scene: Scene): Promise<void> {
  const { clients, clientCount } = scene;
  for (const lost of clients.filter(({ hasEnded }) => hasEnded)) {
    clients.splice(clients.indexOf(lost), 1);
    await lost.stop();
  }
  while (clients.length < clientCount)
    if (!(await join(scene))) throw new Error(`A sign-in was refused: ${scene.tally.faults.at(-1)}`);
}

async function join(scene: Scene, waiting: Waiting = waitLonger()): Promise<boolean> {
  const someone = scene.someone();
  const grant = await signIn(someone, scene, waiting);
  if (!grant) return false;
  const client = startClient(grant, { ...scene, number: scene.clients.length });
  scene.clients.push(Object.assign(client, { owner: someone.owner }));
  return true;
}

/** Time from the fault until everything was served again, in milliseconds. */
export async function playRound(scene: Scene, event: Event): Promise<number> {
  const { clients, entrances, tally } = scene;
  const victims = clients.splice(0, VICTIMS);
  const owners = await Promise.all(victims.map(({ owner }) => signIn(owner, scene)));
  const work = startWork();
  let servedAgainMs: number;
  try {
    try {
      await pause(event.pauses.before);
      await event.begin();
      const began = performance.now();
      work.begin();
      await within(MAX_UNREADY_DELAY_MS, async () => {
        expectNoHarm(tally);
        const readiness = await scene.readiness();
        return event.unready
          .filter((node) => readiness[node])
          .map((node) => `node ${node} says that it is ready`);
      });
      if (event.isServedElsewhere)
        await within(MAX_RECOVERY_MS, async () => {
          expectNoHarm(tally);
          return work.missing(began);
        });
      await pause(Math.max(0, began + event.pauses.during - performance.now()));
    } finally {
      await event.end();
    }
    const ended = performance.now();
    servedAgainMs = await within(MAX_RECOVERY_MS, async () => {
      expectNoHarm(tally);
      const readiness = await scene.readiness();
      return [
        ...work.missing(ended),
        ...entrances.urls
          .filter((url) => entrances.acceptedAt(url) < ended)
          .map((url) => `${url} serves no request`),
        ...readiness.flatMap((isReady, node) => (isReady ? [] : [`node ${node} is not ready`])),
      ];
    });
    expect(scene.dead()).toEqual([]);
    for (const victim of victims) expect(await victim.over).toMatchObject({ reason: 'REVOKED_BY_OWNER' });
    await expectNoUnknownRotation(scene);
  } finally {
    work.stop();
    await Promise.all(victims.map((victim) => victim.stop()));
  }
  expectNoHarm(tally);
  return servedAgainMs;

  /** Revokes two sessions and creates two, even if the fault delays them. */
  function startWork() {
    let isNeeded = true;
    const open = new Set<() => string>();
    const waiting = { isNeeded: () => isNeeded };
    function until(what: string, done: Promise<unknown>, describe = () => ''): void {
      const entry = () => `${what} ${describe()}`;
      open.add(entry);
      void done.then(() => open.delete(entry));
    }
    return {
      begin() {
        for (const [index, victim] of victims.entries()) {
          until('a revocation is not acknowledged', revoke(owners[index]!, victim, scene, waiting));
          until('the end of a session is not told:', victim.over, victim.describe);
          until('a sign-in is not answered', join(scene, waiting));
        }
      },
      missing: (since: number): string[] => [
        ...[...open].map((describe) => describe()),
        ...clients
          .filter(({ rotatedSince }) => rotatedSince < since)
          .map(({ sessionId }) => `${sessionId} is not refreshed`),
      ],
      stop: () => void (isNeeded = false),
    };
  }
}

/** Clients and rows agree: no unknown rotation, and none that was lost. */
async function expectNoUnknownRotation({ clients, generations }: Scene): Promise<void> {
  const known = await Promise.all(
    clients.map(async (client) => [client.sessionId, await client.settle()] as const),
  );
  try {
    if (generations) expect(await generations(known.map(([id]) => id))).toEqual(new Map(known));
  } finally {
    for (const client of clients) client.resume();
  }
}

/** Polls until nothing is missing. Resolves with the time it took. @throws the missing items after that time */
async function within(milliseconds: number, look: () => Promise<string[]>): Promise<number> {
  const began = performance.now();
  for (;;) {
    const missing = await look();
    const ms = performance.now() - began;
    if (missing.length === 0) return ms;
    if (ms > milliseconds)
      throw new Error(`Not within ${milliseconds} ms: ${[...new Set(missing)].join('; ')}`);
    await pause(20);
  }
}
