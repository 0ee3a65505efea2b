import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into the attacked server by `--import`: measures how long its event loop was blocked and how large its heap
// is. It answers on a separate port, so that asking does not disturb the measurement.

const LOOK_EVERY_MS = 5;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let longestBlockMs = 0;
let lookedAt = performance.now();
let usage = process.threadCpuUsage();

function look(): void {
  const now = performance.now();
  const { user, system } = process.threadCpuUsage(usage);
  // On a busy machine the thread may not have run at all: only its own CPU time blocks others.
  longestBlockMs = Math.max(longestBlockMs, Math.min(now - lookedAt, (user + system) / 1000));
  restart();
}

function restart(): void {
  lookedAt = performance.now();
  usage = process.threadCpuUsage();
}

// Startup does not count, so the watch begins with the first request.
let timer: NodeJS.Timeout | undefined;

const server = createServer((_, response) => {
  if (timer) look();
  const block = longestBlockMs;
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  response.end(JSON.stringify({ longestBlockMs: block, heapUsed, external }));
  longestBlockMs = 0;
  restart();
  timer ??= setInterval(look, LOOK_EVERY_MS).unref();
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  writeFileSync(process.env.LOOP_WATCH_FILE!, String(port));
});
server.unref();
