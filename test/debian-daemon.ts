import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Debian keeps daemons on root's path only. */
const PATH = `${process.env.PATH}:/usr/sbin`;

/** Whether the program is installed. `args` makes it print its version. */
export const hasDaemon = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { env: { PATH } }).status === 0;

export interface Daemon {
  readonly child: ChildProcess;
  /** Resolves when it has ended. */
  readonly exited: Promise<void>;
}

/** Starts a program in the foreground, and waits until it takes connections on a port of this machine. */
export async function startDaemon(
  program: string,
  args: readonly string[],
  port: number,
  env: Record<string, string> = {},
): Promise<Daemon> {
  const child = spawn(program, args, { env: { PATH, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = new Promise<void>((done) => child.once('close', () => done()));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} did not start: ${said}`);
    await pause(20);
  }
  return { child, exited };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((answered) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      answered(true);
    });
    socket.once('error', () => answered(false));
  });
