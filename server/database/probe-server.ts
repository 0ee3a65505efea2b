import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** SSLRequest of the protocol ("PostgreSQL: Frontend/Backend Protocol", Message Formats). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** The answers that the protocol knows: TLS, no TLS, an error. */
const ANSWERS = ['S', 'N', 'E'];
/** PostgreSQL has answered by then. A server of a protocol in lines, such as HTTP or Redis, waits for the end of one. */
const LINE_END_AFTER_MS = 1_000;
const TIMEOUT_MS = 2_000;

export type ProbedServer = 'PostgreSQL' | 'another program' | 'silent' | 'unreachable';

/** Asks who listens at an address, after a connection that failed without a reason. A `host` with a slash is a folder. */
export function probeServer(host: string, port: number): Promise<ProbedServer> {
  const socket = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  const answer = new Promise<ProbedServer>((found) => {
    socket.once('connect', () => {
      socket.write(SSL_REQUEST);
      setTimeout(() => socket.write('\r\n\r\nPING\r\n'), LINE_END_AFTER_MS).unref();
    });
    socket.once('data', (bytes: Buffer) =>
      found(ANSWERS.includes(bytes.toString('latin1', 0, 1)) ? 'PostgreSQL' : 'another program'),
    );
    socket.on('error', () => found('unreachable'));
    // Closed without a word: PostgreSQL answers every first message.
    socket.once('close', () => found('another program'));
  });
  const limit = pause(TIMEOUT_MS).then(() => (socket.connecting ? 'unreachable' : 'silent') as ProbedServer);
  return Promise.race([answer, limit]).finally(() => socket.destroy());
}
