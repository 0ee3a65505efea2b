import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { resultsFolder, type Report } from './lib/report.ts';

// Draws the README's picture of the main results from `bench/results`: Curfew beside the others of its run. One file for
// light and dark, without fonts and scripts.

interface Panel {
  bench: string;
  title: string;
  unit: string;
  /** `what` of the rows and their labels, Curfew's first. */
  bars: { what: string; label: string; isCurfew?: boolean }[];
}

const PANELS: Panel[] = [
  {
    bench: 'validate',
    title: 'Session checks a second: more is better',
    unit: '/s',
    bars: [
      { what: 'validateSession, touch', label: 'Curfew, validateSession', isCurfew: true },
      { what: 'Apollo on Fastify, constant', label: 'Apollo on Fastify, a constant' },
      { what: 'node:http, one SELECT', label: 'node:http, one SELECT' },
      { what: 'express-session, connect-pg-simple', label: 'express-session' },
    ],
  },
  {
    bench: 'refresh',
    title: 'Refreshes a second: more is better',
    unit: '/s',
    bars: [
      { what: 'refreshSession', label: 'Curfew, refreshSession', isCurfew: true },
      { what: 'node:http, HS256, one UPDATE', label: 'node:http, HS256, one UPDATE' },
      { what: 'oidc-provider, refresh_token grant', label: 'oidc-provider' },
    ],
  },
  {
    bench: 'kit',
    title: 'Requests a second of an Express application: more is better',
    unit: '/s',
    bars: [
      { what: 'requireSession, access tokens', label: 'Curfew, access tokens', isCurfew: true },
      { what: 'requireSession, session tokens', label: 'Curfew, session tokens', isCurfew: true },
      { what: 'better-auth, cookie cache', label: 'better-auth, cookie cache' },
      { what: 'express-session, connect-pg-simple', label: 'express-session' },
      { what: 'better-auth', label: 'better-auth' },
      { what: 'no sessions', label: 'no sessions' },
    ],
  },
  {
    bench: 'revoke',
    title: 'Signing everyone out: less is better',
    unit: ' ms',
    bars: [
      { what: 'revokeSessions ALL', label: 'Curfew, revokeSessions', isCurfew: true },
      { what: 'plain UPDATE', label: 'the plain UPDATE' },
    ],
  },
];

const WIDTH = 760;
const LABEL = 250;
const VALUE = 90;
const BAR = 20;
const GAP = 8;
const HEAD = 44;

export async function drawPicture(): Promise<void> {
  const drawn: string[] = [];
  let top = 0;
  for (const panel of PANELS) {
    const report = await readReport(panel.bench);
    if (!report) {
      console.log(`Left out: ${panel.bench}, which has not been measured here.`);
      continue;
    }
    const { svg, height } = draw(panel, report, top);
    drawn.push(svg);
    top += height;
  }
  if (drawn.length === 0) throw new Error('There are no results to draw: npm run bench -- all');
  const folder = process.env.BENCH_PICTURES ?? resolve(import.meta.dirname, '..', 'docs', 'pictures');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'bench.svg');
  await writeFile(path, page(drawn.join('\n'), top));
  console.log(path);
}

async function readReport(name: string): Promise<Report | null> {
  try {
    return JSON.parse(await readFile(join(resultsFolder(), `${name}.json`), 'utf8')) as Report;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function draw(panel: Panel, report: Report, top: number): { svg: string; height: number } {
  const bars = panel.bars.flatMap(({ what, label, isCurfew = false }) => {
    const row = report.rows.find((row) => row.what === what);
    return row ? [{ label, isCurfew, value: row.value }] : [];
  });
  const most = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - LABEL - VALUE;
  const lines = bars.map(({ label, isCurfew, value }, index) => {
    const y = top + HEAD + index * (BAR + GAP);
    const width = Math.max(2, (value / most) * room).toFixed(1);
    const baseline = y + BAR / 2;
    return [
      `<text class="label" x="${LABEL - 12}" y="${baseline}" text-anchor="end">${escape(label)}</text>`,
      `<rect class="${isCurfew ? 'curfew' : 'other'}" x="${LABEL}" y="${y}" width="${width}" height="${BAR}" rx="3"/>`,
      `<text class="value" x="${LABEL + Number(width) + 8}" y="${baseline}">${Math.round(value).toLocaleString('en-US')}${panel.unit}</text>`,
    ].join('\n');
  });
  const svg = [
    `<text class="title" x="0" y="${top + HEAD / 2 + 6}">${escape(panel.title)}</text>`,
    ...lines,
  ].join('\n');
  return { svg, height: HEAD + bars.length * (BAR + GAP) };
}

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const page = (
  content: string,
  height: number,
): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Curfew compared with others of one run">
<style>
text { font: 14px system-ui, sans-serif; fill: #1f2328; dominant-baseline: central; }
.title { font-weight: 600; font-size: 15px; }
.label { fill: #59636e; }
.curfew { fill: #0e7490; }
.other { fill: #c4ccd4; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .label { fill: #9198a1; }
  .curfew { fill: #22b8d6; }
  .other { fill: #4a525c; }
}
</style>
${content}
</svg>
`;
