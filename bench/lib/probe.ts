import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into a server by `--import`, so that every server is measured in the same way, whatever it is made of.

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as (options: object) => void;
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

function look(isCollecting: boolean): object {
  if (isCollecting)
    for (let n = 0; n < 3; n += 1) gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { rss, heap: heapUsed + external, cpuMs: (user + system) / 1000, blockedMs: delay.max / 1e6 };
}

createServer((request, response) => {
  // Looking does not belong to what is looked at: the longest delay is read before the collection, and reset after it.
  const answer = JSON.stringify(look(request.url === '/collected'));
  if (request.url === '/reset') delay.reset();
  response.end(answer);
})
  .listen(Number(process.env.PROBE_PORT), '127.0.0.1')
  .unref();
