import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere): one of those may be
 * taken by a connection after it was found free.
 */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const MAX_ATTEMPTS = 100;

/** Finds a free port. Tokens name the public URL as their issuer, so the port must be known before the server listens. */
export async function findFreePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await tryPort(host, FIRST_PORT + randomInt(PORTS));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === MAX_ATTEMPTS) throw error;
    }
}

/** Listens on a port for a moment, so that a start which cannot have it fails before it opens anything. */
export function tryPort(host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(wanted, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
