import { failWrites, restoreWrites } from '../operations/failing-writes.ts';
import type { Fault, Site } from './faults.ts';

const EVERY_NODE = { unready: 'every node', isServedElsewhere: false } as const;
const DISK_FULL = '53100';

const networksOf = ({ places }: Site) => places.map(({ database }) => database);

export const databaseFaults: readonly Fault[] = [
  {
    name: 'the database restarts',
    ...EVERY_NODE,
    begin: ({ postgres }) => postgres.end('SIGINT'),
    end: ({ postgres }) => postgres.start(),
  },
  {
    name: 'the database is shut down at once',
    ...EVERY_NODE,
    begin: ({ postgres }) => postgres.end('SIGQUIT'),
    end: ({ postgres }) => postgres.start(),
  },
  {
    name: 'the database is killed',
    ...EVERY_NODE,
    begin: ({ postgres }) => postgres.end('SIGKILL'),
    end: ({ postgres }) => postgres.start(),
  },
  {
    name: 'a process of the database crashes',
    isServedElsewhere: true,
    begin: ({ postgres }) => postgres.killBackend(),
    end: async () => {},
  },
  {
    name: 'the database is frozen',
    ...EVERY_NODE,
    begin: ({ postgres }) => postgres.freeze(),
    end: async ({ postgres }) => postgres.thaw(),
  },
  {
    name: 'the database is read-only',
    ...EVERY_NODE,
    begin: ({ postgres }) =>
      postgres.run(`alter system set default_transaction_read_only = on`, `select pg_reload_conf()`),
    end: ({ postgres }) =>
      postgres.run(`alter system reset default_transaction_read_only`, `select pg_reload_conf()`),
  },
  {
    name: 'the database is full',
    ...EVERY_NODE,
    begin: ({ nodes }) => failWrites(nodes.database, DISK_FULL),
    end: ({ nodes }) => restoreWrites(nodes.database),
  },
  {
    name: 'the database is cut off',
    ...EVERY_NODE,
    begin: async (at) => networksOf(at).forEach((network) => network.cut()),
    end: (at) => Promise.all(networksOf(at).map((network) => network.restore())),
  },
  {
    name: 'the network to the database holds everything back',
    ...EVERY_NODE,
    begin: async (at) => networksOf(at).forEach((network) => network.hang()),
    end: (at) => Promise.all(networksOf(at).map((network) => network.restore())),
  },
  {
    name: 'the network to the database is silent',
    ...EVERY_NODE,
    begin: async (at) => networksOf(at).forEach((network) => network.silence()),
    end: (at) => Promise.all(networksOf(at).map((network) => network.restore())),
  },
];
