import { run, secrets, startServer } from '../../test/operations/processes.ts';
import { PROFILES } from './settings.ts';

export interface ChildServer {
  url: string;
  pid: number;
  stop(): Promise<unknown>;
}

/** Starts Curfew as an operator does. */
export async function startCurfew(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<ChildServer> {
  const profiled: Record<string, string> = PROFILES
    ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${PROFILES}` }
    : {};
  const fixed = { DATABASE_URL: databaseUrl, ...secrets(), NODE_ENV: 'test' };
  const server = await startServer({ ...fixed, ...profiled, ...env });
  return { url: server.url, pid: server.child.pid!, stop: () => server.stop() };
}

/** Starts one of `bench/servers`, which print their address, as in production. */
export async function startBare(name: string, env: Record<string, string> = {}): Promise<ChildServer> {
  const server = run(`bench/servers/${name}.ts`, [], { NODE_ENV: 'production', ...env });
  const [, url] = await server.printed(/listening at (\S+)/);
  return { url: url!, pid: server.child.pid!, stop: () => server.stop() };
}
