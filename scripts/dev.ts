import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

// The server restarts when its sources change. The pages reload themselves and pass API calls on to it.
const root = fileURLToPath(new URL('..', import.meta.url));
const server = spawn(
  process.execPath,
  ['--watch-preserve-output', '--watch-path=server', '--watch-path=schema.graphql', 'server/main.ts'],
  { cwd: root, stdio: 'inherit' },
);
const pages = await createServer({ configFile: `${root}web/vite.config.ts`, configLoader: 'native' });
await pages.listen();
console.log('The pages, with reload:');
pages.printUrls();

async function stop(): Promise<void> {
  server.kill('SIGTERM');
  await pages.close();
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
server.once('exit', () => void stop());
// Also when Vite fails, so that the port is free afterwards.
process.once('exit', () => server.kill('SIGTERM'));
