import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Like a machine that is gone: what is open breaks, what is new is refused. */
  cut(): void;
  /** Like a network that swallows packets: everything stays open, nothing passes, new connections get no answer. */
  hang(): void;
  /** Lets everything pass again; what was held back while it hung is delivered. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Stands between the server and its database, so that a test can take the database away and give it back. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const pairs = new Set<[near: Socket, far: Socket]>();
  let isHanging = false;
  let waiting: Socket[] = [];

  const server = createServer((near) => {
    open.add(near);
    near.once('close', () => open.delete(near));
    near.on('error', () => near.destroy());
    if (isHanging) {
      near.pause();
      waiting.push(near);
    } else join(near);
  });

  function join(near: Socket): void {
    if (near.destroyed) return;
    const far = connect(target);
    open.add(far);
    far.on('error', () => far.destroy());
    far.once('close', () => {
      open.delete(far);
      near.destroy();
    });
    near.once('close', () => far.destroy());
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.once('close', () => pairs.delete(pair));
    near.pipe(far);
    far.pipe(near);
  }

  const listen = (port: number): Promise<void> =>
    new Promise((done) => server.listen(port, '127.0.0.1', () => done()));
  await listen(0);
  const { port } = server.address() as AddressInfo;

  function cut(): void {
    isHanging = false;
    waiting = [];
    server.close();
    for (const socket of open) socket.destroy();
  }

  return {
    port,
    cut,
    hang() {
      isHanging = true;
      for (const socket of open) socket.unpipe().pause();
    },
    async restore() {
      if (!server.listening) await listen(port);
      if (!isHanging) return;
      isHanging = false;
      for (const [near, far] of pairs) {
        near.pipe(far);
        far.pipe(near);
      }
      for (const near of waiting) join(near);
      waiting = [];
    },
    async close() {
      cut();
    },
  };
}
