import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Plain JavaScript, so that any Node can read it and say what is missing.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Curfew needs Node 24, which "npm ci" brings along, but this is Node ${process.versions.node}: install again with install scripts allowed, and start with "npm start".`,
  );
  process.exit(1);
}
// In a process of its own: Vite sets NODE_ENV, which means something to the server, and its memory is not ours to keep.
const build = spawnSync(process.execPath, [fileURLToPath(new URL('build-web.ts', import.meta.url))], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);
await import('../server/main.ts');
