import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { startApp, type TestApp } from '../harness.ts';
import { hasPromtool, promtool } from './promtool.ts';
import { scrape } from './scrape.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFile(join(ROOT, file), 'utf8');

const ALERTS = 'deploy/prometheus/alerts.yaml';
const ALERT_TESTS = 'deploy/prometheus/alerts.test.yaml';

// Without promtool these are skipped, and the last line says so; in CI they run.
const withPromtool = hasPromtool || process.env.CI ? test : test.skip;

interface Rule {
  alert: string;
  expr: string;
  annotations: Record<string, string>;
}

async function alertRules(): Promise<Rule[]> {
  return parse(await read(ALERTS)).groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
}

/** The queries of the dashboard, with values in place of its variables. */
async function dashboardQueries(): Promise<string[]> {
  const { panels } = JSON.parse(await read('deploy/grafana/curfew.json'));
  return panels
    .flatMap(({ targets = [] }: { targets?: { expr: string }[] }) => targets)
    .map(({ expr }: { expr: string }) =>
      expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'curfew').replaceAll('$instance', '.*'),
    );
}

const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\b(?:curfew|process|nodejs)_\w+/g)].map(([name]) => name)),
];

/** The metric that a series belongs to. */
const metricOf = (name: string, known: readonly string[]): string | undefined =>
  known.includes(name) ? name : known.find((each) => name.replace(/_(bucket|count|sum)$/, '') === each);

describe('what Curfew exposes', () => {
  let app: TestApp;
  let names: readonly string[];
  beforeAll(async () => {
    app = await startApp({ database: 'embedded' });
    // Those of a node with PostgreSQL or Redis.
    names = [...(await scrape(app)).names, 'curfew_redis_up', 'curfew_notify_up'];
  });
  afterAll(() => app.close());

  test('has every metric that the dashboard and the alerts ask for', async () => {
    const used = namesIn([...(await dashboardQueries()), await read(ALERTS)].join('\n'));
    expect(used.length).toBeGreaterThan(15);
    expect(used.filter((name) => metricOf(name, names) === undefined)).toEqual([]);
  });

  test('is on the dashboard and in the document, each metric of ours', async () => {
    const ours = names.filter((name) => name.startsWith('curfew_'));
    expect(ours).toHaveLength(21);
    const onDashboard = namesIn((await dashboardQueries()).join('\n')).map((name) => metricOf(name, names));
    expect(ours.filter((name) => !onDashboard.includes(name))).toEqual([]);
    const documented = namesIn(await read('docs/monitoring.md'));
    expect(ours.filter((name) => !documented.includes(name))).toEqual([]);
  });
});

test('every alert is tested, and leads to its section of the document', async () => {
  const [rules, tests, document] = [
    await alertRules(),
    await read(ALERT_TESTS),
    await read('docs/monitoring.md'),
  ];
  for (const { alert, annotations } of rules) {
    expect(tests).toContain(alert);
    expect(annotations.runbook).toBe(`docs/monitoring.md#${alert.toLowerCase()}`);
    expect(document).toContain(`\n#### ${alert}\n`);
  }
});

withPromtool('Prometheus loads the alerts, and each fires when it should', () => {
  expect(promtool(['check', 'rules', join(ROOT, ALERTS)])).toContain('SUCCESS');
  expect(promtool(['test', 'rules', join(ROOT, ALERT_TESTS)])).toContain('SUCCESS');
});

withPromtool('Prometheus reads every query of the dashboard', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-queries-'));
  const rules = (await dashboardQueries()).map((expr, index) => ({ record: `query_${index}`, expr }));
  const file = join(folder, 'queries.yaml');
  await writeFile(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
  expect(promtool(['check', 'rules', file])).toContain(`SUCCESS: ${rules.length} rules found`);
  await rm(folder, { recursive: true });
});

withPromtool('Prometheus accepts the text of a scrape', async () => {
  const app = await startApp();
  const { text } = await scrape(app);
  await app.close();
  // Its linter has opinions about names of the process's own metrics, so only ours are given to it.
  const ours = text.split('\n').filter((line) => /^(# (HELP|TYPE) )?curfew_/.test(line));
  promtool(['check', 'metrics'], `${ours.join('\n')}\n`);
});
