import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

/** Listens on a free port and prints the address for the parent process. */
export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    console.log(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  process.once('SIGTERM', () => process.exit(0));
}
