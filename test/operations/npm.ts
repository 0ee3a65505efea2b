import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';

/** npm finds its registry by variables, too. Those of the npm that runs this test would lead it to this project. */
export const npmEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(?:NODE_ENV|NODE_OPTIONS|npm_(?!config_)\w+|npm_config_(?:local_)?prefix)$/.test(name),
  ),
) as Record<string, string>;

/**
 * Whether npm can install a package, such as `hono@4.13.19`. Asks the registry, too: the cache may know a package whose
 * files it does not have.
 */
export async function canInstall(specifier: string): Promise<boolean> {
  isReachable ??= answer('ping').then((text) => text !== null);
  return (await isReachable) && Boolean(await answer('view', specifier, 'version', '--prefer-offline'));
}

let isReachable: Promise<boolean> | undefined;

/** What npm prints. Null when it fails; a network that swallows everything is not waited for. */
const answer = (...args: readonly string[]): Promise<string | null> =>
  new Promise((done) =>
    execFile(
      'npm',
      [...args, '--fetch-retries=0', '--fetch-timeout=20000'],
      { cwd: tmpdir(), env: npmEnvironment },
      (error, stdout) => done(error === null ? stdout.trim() : null),
    ),
  );
