import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasDaemon, startDaemon } from '../debian-daemon.ts';

const CONFIGURATION = new URL('../../docs/guides/gateways/nginx.conf', import.meta.url);
export const hasNginx = hasDaemon('nginx', '-v');

export interface Nginx {
  /** The application's origin. */
  readonly url: string;
  /** The origin of Curfew's pages. */
  readonly curfewUrl: string;
  stop(): Promise<void>;
}

/** nginx with the guide's configuration; only addresses and origins differ. */
export async function startNginx(
  { application: port, curfew: curfewPort }: { application: number; curfew: number },
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
    .replace('listen 127.0.0.1:8081;', `listen 127.0.0.1:${curfewPort};`)
    .replace('default https://app.example.com;', `default http://127.0.0.1:${port};`)
    .replace('default https://app.example.com:8443;', `default http://127.0.0.1:${curfewPort};`)
    .replace('server 127.0.0.1:4000;', `server 127.0.0.1:${upstreams.curfew};`)
    .replace('server 127.0.0.1:3000;', `server 127.0.0.1:${upstreams.application};`);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, replaced);

  const settings = `daemon off; pid ${join(folder, 'nginx.pid')}; error_log stderr;`;
  const args = ['-e', 'stderr', '-p', folder, '-c', file, '-g', settings];
  const { child, exited } = await startDaemon('nginx', args, port);
  return {
    url: `http://127.0.0.1:${port}`,
    curfewUrl: `http://127.0.0.1:${curfewPort}`,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
