import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const CONFIGURATION = new URL('../../docs/guides/gateways/nginx.conf', import.meta.url);
/** Debian keeps it where only root looks. */
const PATH = `${process.env.PATH}:/usr/sbin`;

export const hasNginx = spawnSync('nginx', ['-v'], { env: { PATH } }).status === 0;

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** nginx with the guide's very configuration; only the three addresses are others. */
export async function startNginx(
  port: number,
  upstreams: { curfew: number; application: number },
): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-nginx-'));
  // As root its workers run as another user.
  await chmod(folder, 0o755);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((part) => `${part}_temp_path ${join(folder, part)};`)
    .join(' ');
  const replaced = (await readFile(CONFIGURATION, 'utf8'))
    .replace('http {', `http { access_log off; ${temporary}`)
    .replace('listen 127.0.0.1:8080;', `listen 127.0.0.1:${port};`)
    .replace('server 127.0.0.1:4000;', `server 127.0.0.1:${upstreams.curfew};`)
    .replace('server 127.0.0.1:3000;', `server 127.0.0.1:${upstreams.application};`);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, replaced);

  const settings = `daemon off; pid ${join(folder, 'nginx.pid')}; error_log stderr;`;
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', file, '-g', settings], {
    env: { PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = new Promise<void>((done) => child.once('close', () => done()));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`nginx did not start: ${said}`);
    await pause(20);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((answered) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      answered(true);
    });
    socket.once('error', () => answered(false));
  });
