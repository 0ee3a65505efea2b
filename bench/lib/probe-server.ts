import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into each server by `--import`, so that all servers are measured alike.

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as (options: object) => void;
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

// Processor time between two samples. Unlike the delay, it does not include waiting for other processes.
const SAMPLE_INTERVAL_MS = 5;
let busiestMs = 0;
let before = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  before = process.threadCpuUsage();
  busiestMs = Math.max(busiestMs, (user + system) / 1000);
}, SAMPLE_INTERVAL_MS).unref();

function sample(isCollecting: boolean): object {
  if (isCollecting)
    for (let n = 0; n < 3; n += 1) gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    rss,
    heap: heapUsed + external,
    cpuMs: (user + system) / 1000,
    blockedMs: delay.max / 1e6,
    busiestMs,
  };
}

createServer((request, response) => {
  // The sample itself does not count: the longest delay is read before the collection and reset after it.
  const answer = JSON.stringify(sample(request.url === '/collected'));
  if (request.url === '/reset') {
    delay.reset();
    busiestMs = 0;
  }
  response.end(answer);
})
  .listen(Number(process.env.PROBE_PORT), '127.0.0.1')
  .unref();
