import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Plain JavaScript, so that an older Node can run it and name the problem.
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const [major] = process.versions.node.split('.').map(Number);
const isNodeOld = major < 24;
const canBuild = existsSync(path('../node_modules/vite'));

if (!canBuild && (isNodeOld || !existsSync(path('../web/dist/index.html')))) {
  fail(
    'The development dependencies are missing, as after "npm ci" with NODE_ENV=production or --omit=dev: a clone builds the pages with them and runs on the Node that they bring. Install with "npm ci --include=dev", or install the package that "npm run package" makes, which needs none.',
  );
} else if (isNodeOld) {
  fail(
    `Curfew needs Node 24, which "npm ci" installs, but this is Node ${process.versions.node}. Install again with install scripts allowed, and start with "npm start".`,
  );
} else {
  await start();
}

async function start() {
  const args = process.argv.slice(2);
  if (canBuild && args.length === 0) {
    // In a separate process: Vite sets NODE_ENV, which the server reads, and its memory is freed after the build.
    const build = spawnSync(process.execPath, [path('build-web.ts')], { stdio: 'inherit' });
    if (build.status !== 0) return process.exit(build.status ?? 1);
  }
  process.argv.splice(2, args.length, 'start', ...args);
  await import('../server/curfew.ts');
}

function fail(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
