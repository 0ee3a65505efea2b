import { run, secrets, startServer } from '../../test/operations/processes.ts';

export interface ChildServer {
  url: string;
  pid: number;
  stop(): Promise<unknown>;
}

/** Curfew itself, as an operator starts it. */
export async function startCurfew(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<ChildServer> {
  const server = await startServer({ DATABASE_URL: databaseUrl, ...secrets(), NODE_ENV: 'test', ...env });
  return { url: server.url, pid: server.child.pid!, stop: () => server.stop() };
}

/** One of `bench/servers`, which print where they listen. */
export async function startBare(name: string, env: Record<string, string> = {}): Promise<ChildServer> {
  const server = run(`bench/servers/${name}.ts`, [], env);
  const [, url] = await server.printed(/listening at (\S+)/);
  return { url: url!, pid: server.child.pid!, stop: () => server.stop() };
}
