import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Like a dead machine: open connections break, new ones are refused. */
  cut(): void;
  /** Like a network that swallows packets: connections stay open, nothing passes, new ones get no answer. */
  hang(): void;
  /** Like a firewall that has lost its state: open connections stay open, and nothing passes on them again. */
  silence(): void;
  /** Requests arrive, and no answer comes back. */
  swallowAnswers(): void;
  /** Bytes of answers since then. */
  readonly swallowedBytes: number;
  /** Lets everything pass again; delayed data is delivered, swallowed data breaks the connection. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** A proxy before the database, so that a test can take it away and restore it. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const pairs = new Set<[near: Socket, far: Socket]>();
  const deaf = new Set<Socket>();
  let isHanging = false;
  let isSwallowing = false;
  let swallowedBytes = 0;
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
    if (isSwallowing) swallow(near, far);
    else far.pipe(near);
  }

  function swallow(near: Socket, far: Socket): void {
    deaf.add(near);
    near.once('close', () => deaf.delete(near));
    far.unpipe(near).on('data', (chunk) => (swallowedBytes += chunk.length));
  }

  const listen = (port: number): Promise<void> =>
    new Promise((done) => server.listen(port, '127.0.0.1', () => done()));
  await listen(0);
  const { port } = server.address() as AddressInfo;

  function cut(): void {
    isHanging = false;
    isSwallowing = false;
    waiting = [];
    server.close();
    for (const socket of open) socket.destroy();
  }

  return {
    port,
    cut,
    get swallowedBytes() {
      return swallowedBytes;
    },
    swallowAnswers() {
      isSwallowing = true;
      swallowedBytes = 0;
      for (const [near, far] of pairs) swallow(near, far);
    },
    hang() {
      isHanging = true;
      for (const socket of open) socket.unpipe().pause();
    },
    silence() {
      isHanging = true;
      for (const socket of open) socket.unpipe().resume();
      pairs.clear();
    },
    async restore() {
      if (!server.listening) await listen(port);
      isSwallowing = false;
      // The middle of an answer is missing.
      for (const near of deaf) near.destroy();
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
