import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// The server restarts when its sources change; the pages reload by themselves and pass API calls on to it.
const root = fileURLToPath(new URL('..', import.meta.url));
const vite = fileURLToPath(import.meta.resolve('vite/bin/vite.js'));
const children: ChildProcess[] = [
  spawn(
    process.execPath,
    ['--watch', '--watch-path=server', '--watch-path=schema.graphql', 'server/main.ts'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  ),
  spawn(process.execPath, [vite, '--config', 'web/vite.config.ts'], { cwd: root, stdio: 'inherit' }),
];

const stop = (): void => children.forEach((child) => child.kill('SIGTERM'));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) child.on('exit', stop);
