import { createServer, type AddressInfo } from 'node:net';

/** Finds a free port. Tokens name the public URL as their issuer, so the port must be known before the server listens. */
export const findFreePort = (host = '127.0.0.1'): Promise<number> => tryPort(host, 0);

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
