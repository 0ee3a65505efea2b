import type { Fault, Site } from './faults.ts';

/** All requests are served without Redis; only a node that must hear from others reports that it does not. */
const REDIS = { needsRedis: true, isServedElsewhere: true } as const;

const serverOf = ({ redis }: Site) => redis!.server;
const messagesOf = ({ redis }: Site) => redis!.messages;

async function everyMessageOnce(at: Site): Promise<void> {
  const { changed } = messagesOf(at);
  messagesOf(at).deliver(1);
  expect(changed).toBeGreaterThan(0);
}

export const redisFaults: readonly Fault[] = [
  {
    name: 'Redis is killed',
    ...REDIS,
    unready: 'every node',
    begin: async (at) => serverOf(at).signal('SIGKILL'),
    end: (at) => serverOf(at).restart(),
  },
  {
    name: 'Redis is frozen',
    ...REDIS,
    unready: 'every node',
    begin: async (at) => serverOf(at).signal('SIGSTOP'),
    end: async (at) => serverOf(at).signal('SIGCONT'),
  },
  {
    name: 'Redis loses every message',
    ...REDIS,
    begin: async (at) => messagesOf(at).deliver(0),
    end: everyMessageOnce,
  },
  {
    name: 'Redis delivers messages twice',
    ...REDIS,
    begin: async (at) => messagesOf(at).deliver(2),
    end: everyMessageOnce,
  },
];
