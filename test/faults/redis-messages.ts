import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface MessageFilter {
  readonly port: number;
  /** How often each published message arrives from now on: 0 is lost, 2 is doubled. */
  deliver(copies: number): void;
  /** Messages that did not arrive exactly once since `deliver` was called. */
  readonly changed: number;
  close(): void;
}

const MESSAGE = Buffer.from('*3\r\n$7\r\nmessage\r\n');

/** A proxy before Redis that loses or doubles published messages; everything else passes. */
export async function startMessageFilter(target: { host: string; port: number }): Promise<MessageFilter> {
  const open = new Set<Socket>();
  let copies = 1;
  let changed = 0;

  const server = createServer((near) => {
    const far = connect(target);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    let rest: Buffer = Buffer.alloc(0);
    far.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = replyEnd(rest, 0); end > 0; end = replyEnd(rest, 0)) {
        const reply = rest.subarray(0, end);
        rest = rest.subarray(end);
        const count = reply.subarray(0, MESSAGE.length).equals(MESSAGE) ? copies : 1;
        if (count !== 1) changed += 1;
        for (let copy = 0; copy < count; copy += 1) near.write(reply);
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  return {
    port: (server.address() as AddressInfo).port,
    deliver(wanted) {
      copies = wanted;
      changed = 0;
    },
    get changed() {
      return changed;
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** End of a reply of Redis's protocol (RESP 2); -1 while it is incomplete. */
function replyEnd(bytes: Buffer, start: number): number {
  const line = bytes.indexOf('\r\n', start);
  if (line < 0) return -1;
  const kind = String.fromCharCode(bytes[start]!);
  const length = Number(bytes.toString('latin1', start + 1, line));
  let end = line + 2;
  if (kind === '$' && length >= 0) {
    end += length + 2;
    return end <= bytes.length ? end : -1;
  }
  if (kind === '*') for (let item = 0; item < length && end >= 0; item += 1) end = replyEnd(bytes, end);
  return end;
}
