import { findFreePort } from '../server/http/free-port.ts';
import { newFolder, run, secrets } from '../test/operations/processes.ts';
import { publish } from './lib/report.ts';
import { measureInRounds, type Candidate } from './lib/rounds.ts';
import { inRounds, ROUNDS } from './lib/settings.ts';
import { inBenchRun } from './lib/bench-run.ts';
import { timed, until } from './lib/timing.ts';

// The time from the start of the process to the first answered query, compared with a server that answers a constant.

const QUERY = JSON.stringify({ query: '{ serverTime }' });
const LIMIT = 'node:http, constant';

export async function start(): Promise<void> {
  await inBenchRun(async (bench) => {
    const database = await bench.database();
    let folder = await newFolder({ isEmpty: true });
    try {
      const candidates: Candidate[] = [
        {
          name: 'embedded, new folder with the demo',
          async measure() {
            await folder.remove();
            folder = await newFolder({ isEmpty: true });
            return firstAnswer({ DATA_DIR: folder.path });
          },
        },
        // The folder that the first start created.
        { name: 'embedded, existing folder', measure: () => firstAnswer({ DATA_DIR: folder.path }) },
        { name: 'PostgreSQL', measure: () => firstAnswer({ DATABASE_URL: database.url, ...secrets() }) },
        { name: LIMIT, measure: firstConstant },
      ];
      const measured = await measureInRounds(candidates, ROUNDS);
      const limit = measured.find(({ name }) => name === LIMIT)!.median;
      await publish({
        name: 'start',
        title: `From the start of the process to the first answer, ${inRounds}`,
        rows: measured.map(({ name, median, rounds }) => ({
          what: name,
          value: median,
          unit: 'ms',
          rounds,
          ratio: name === LIMIT ? undefined : { to: LIMIT, value: median / limit },
        })),
        postgres: await database.describe(),
      });
    } finally {
      await folder.remove();
    }
  });
}

async function firstAnswer(env: Record<string, string>): Promise<number> {
  const port = await findFreePort();
  const answers = async (): Promise<boolean> => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: QUERY,
    }).catch(() => null);
    return (await response?.text())?.includes('"serverTime"') ?? false;
  };
  const started = performance.now();
  const server = run('server/main.ts', [], { PORT: String(port), ...env });
  try {
    await until(answers);
    return performance.now() - started;
  } finally {
    await server.stop();
  }
}

async function firstConstant(): Promise<number> {
  let stop = async (): Promise<unknown> => undefined;
  const time = await timed(async () => {
    const server = run('bench/servers/constant.ts', [], {});
    stop = () => server.stop();
    const [, url] = await server.printed(/listening at (\S+)/);
    await (await fetch(url!, { method: 'POST', body: QUERY })).text();
  });
  await stop();
  return time;
}
