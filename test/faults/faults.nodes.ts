import { holdLock, waitForBlockedStatement } from '../row-locks.ts';
import { pause } from './entry-points.ts';
import type { Fault, Site } from './faults.ts';

const SET_ROLE = `mutation Role($id: ID!) { setUserRole(userId: $id, role: OWNER) { id } }`;
/** In the statement that locks the user, and in none of those that the clients of the fault send. */
const USER_LOCK = 'from users where id = $1 and account_id = $2 for no key update';
/** Shutdown time of a process. */
const MAX_SHUTDOWN_MS = 10_000;
const LOCK_WAIT_TIMEOUT_MS = 20_000;

/** Calls `stop` while the node holds an account lock and waits for a user lock, which it gets once it is stopped. */
async function amidTransaction({ hit, accounts, nodes }: Site, stop: () => void): Promise<void> {
  const [account] = accounts;
  const [owner, user] = [await account!.owner.login(), await account!.addUser()];
  const lock = await holdLock(nodes.databaseUrl, 'select from users where id = $1 for update', [user.id]);
  let isWaiting = false;
  async function keepAsking(): Promise<void> {
    while (!isWaiting) {
      await hit.node.gql(SET_ROLE, { id: user.id }, { token: owner.accessToken }).catch(() => {});
      await pause(50);
    }
  }
  void keepAsking();
  try {
    await waitForBlockedStatement(nodes.databaseUrl, USER_LOCK, LOCK_WAIT_TIMEOUT_MS);
    stop();
  } finally {
    isWaiting = true;
    await lock.release();
  }
}

const networksOf = ({ hit }: Site) => [hit.front, hit.database, hit.redis].filter((each) => each !== null);

export const nodeFaults: readonly Fault[] = [
  {
    name: 'a node is killed',
    isServedElsewhere: true,
    async begin({ hit }) {
      await hit.node.server.stop('SIGKILL');
    },
    end: ({ hit }) => hit.startAgain(),
  },
  {
    name: 'a node is stopped in the middle of a transaction',
    isServedElsewhere: true,
    begin: (at) => amidTransaction(at, () => at.hit.node.server.child.kill('SIGSTOP')),
    end: async ({ hit }) => hit.node.server.child.kill('SIGCONT'),
  },
  {
    name: 'a node is lost in the middle of a transaction',
    isServedElsewhere: true,
    begin: (at) =>
      amidTransaction(at, () => {
        for (const network of networksOf(at)) network.silence();
      }),
    end: (at) => Promise.all(networksOf(at).map((network) => network.restore())),
  },
  {
    name: 'a node is told to end under load',
    isServedElsewhere: true,
    async begin({ hit }) {
      const began = performance.now();
      const code = await hit.node.server.stop('SIGTERM');
      expect({ code, isInTime: performance.now() - began < MAX_SHUTDOWN_MS }).toEqual({
        code: 0,
        isInTime: true,
      });
    },
    end: ({ hit }) => hit.startAgain(),
  },
  {
    name: 'the answers of a node are lost',
    isServedElsewhere: true,
    begin: async ({ hit }) => hit.front.swallowAnswers(),
    async end({ hit }) {
      await hit.front.restore();
      expect(hit.front.swallowedBytes).toBeGreaterThan(0);
    },
  },
  {
    name: 'the answers of the database to a node are lost',
    unready: 'the node',
    isServedElsewhere: true,
    begin: async ({ hit }) => hit.database.swallowAnswers(),
    // An unready node shows that the fault has struck.
    end: ({ hit }) => hit.database.restore(),
  },
  {
    name: 'the network of a node to the database is silent',
    unready: 'the node',
    isServedElsewhere: true,
    begin: async ({ hit }) => hit.database.silence(),
    end: ({ hit }) => hit.database.restore(),
  },
];
