import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Debian's own: its packages are for that one. */
const PYTHON = '/usr/bin/python3';
const PROGRAM = 'test/event-sources/peers/transmitter.py';

const isThere = spawnSync(PYTHON, ['-c', 'import jwcrypto']).status === 0;

/** Tests with the transmitter in Python. Without its library they are left out, which the last line says; in CI they run. */
export function withTransmitter(define: () => void): void {
  if (!isThere && process.env.CI === 'true')
    test('python3-jwcrypto is installed', () => {
      throw new Error('Install python3-jwcrypto: the peers of event sources need it.');
    });
  else if (!isThere) {
    test.skip('the transmitter in Python (needs python3-jwcrypto)', () => {});
    process.stderr.write(
      'The tests with a transmitter in Python are skipped: python3-jwcrypto is not installed.\n',
    );
  } else define();
}

/** What the receiver answered. */
export interface Sent {
  status: number;
  body: string;
  headers: Record<string, string>;
  /** What was sent, to be sent again. */
  token: string;
}

export interface Transmitter {
  readonly origin: string;
  /** Its issuer: the origin, until it becomes another one. */
  readonly issuer: string;
  /** Pushes a security event token. See `event_token` in the program. */
  push(order: Record<string, unknown>): Promise<Sent>;
  /** The same token from many connections at once. */
  pushMany(order: Record<string, unknown>): Promise<{ token: string; statuses: number[] }>;
  /** Asks for global token revocation. */
  revoke(order: Record<string, unknown>): Promise<Sent>;
  /** How it serves its documents from now on. */
  behave(behaviour: Record<string, unknown>): Promise<void>;
  /** Takes another issuer, with this path, of which no one has heard before. Its keys stay. */
  become(path: string): Promise<void>;
  rotate(kid: string): Promise<void>;
  /** The paths that were asked for since the last call. */
  requests(): Promise<string[]>;
  close(): Promise<void>;
}

export async function startTransmitter(): Promise<Transmitter> {
  const child = spawn(PYTHON, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [origin] = (await once(createInterface(child.stdout), 'line')) as [string];
  let issuer = origin;
  const control = async (command: string, order: Record<string, unknown> = {}): Promise<any> => {
    const answer = await fetch(`${origin}/control`, {
      method: 'POST',
      body: JSON.stringify({ ...order, command }),
    });
    return answer.json();
  };
  return {
    origin,
    get issuer() {
      return issuer;
    },
    push: (order) => control('push', order),
    pushMany: (order) => control('push-many', order),
    revoke: (order) => control('revoke', order),
    behave: async (behaviour) => void (await control('behave', { behaviour })),
    become: async (path) => void ({ issuer } = await control('become', { path })),
    rotate: async (kid) => void (await control('rotate', { kid })),
    requests: async () => (await control('requests')).requests,
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
