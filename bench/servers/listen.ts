import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

/** On a free port of this machine, which is printed for whoever started this. */
export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    console.log(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  process.once('SIGTERM', () => process.exit(0));
}
