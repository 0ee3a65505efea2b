import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { formatTable } from '../../server/cli/table.ts';

export interface Row {
  what: string;
  /** In `unit`. */
  value: number;
  unit: string;
  /** The value of every round, if there were several. */
  rounds?: number[];
  /** Comparisons with other rows of this run. */
  ratio?: Ratio | Ratio[];
  note?: string;
}

export interface Ratio {
  to: string;
  value: number;
  atLeast?: number;
  atMost?: number;
}

export interface Report {
  name: string;
  title: string;
  rows: Row[];
  /** Version and settings of the measured server; see `ScratchDatabase`. */
  postgres?: Record<string, string>;
  /** Omitted measurements and the reason. */
  remarks?: string[];
}

export const resultsFolder = (): string =>
  process.env.BENCH_RESULTS ?? join(import.meta.dirname, '..', 'results');

const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

/** Whether a ratio meets its target. */
export const isMet = ({ value, atLeast = -Infinity, atMost = Infinity }: Ratio): boolean =>
  value >= atLeast && value <= atMost;

function describeRatio(ratio: Ratio): string {
  const { atLeast, atMost } = ratio;
  const target =
    atLeast !== undefined ? ` (at least ${atLeast})` : atMost !== undefined ? ` (at most ${atMost})` : '';
  const mark = atLeast === undefined && atMost === undefined ? '' : isMet(ratio) ? ' ✓' : ' ✗';
  return `${number(ratio.value)} of ${ratio.to}${target}${mark}`;
}

/** Prints a table and writes it, with every round, to `NAME.json` in `bench/results` or `BENCH_RESULTS`. */
export async function publish(report: Report): Promise<void> {
  const lines = report.rows.map((row) => [
    row.what,
    `${number(row.value)} ${row.unit}`,
    [row.ratio ?? []].flat().map(describeRatio).join('; '),
    row.note ?? '',
  ]);
  const header = ['', 'median', 'ratio', ''];
  console.log(`\n${report.title}`);
  console.log(formatTable([header, ...lines]));
  for (const remark of report.remarks ?? []) console.log(remark);
  const folder = resultsFolder();
  await mkdir(folder, { recursive: true });
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
  await writeFile(
    join(folder, `${report.name}.json`),
    `${JSON.stringify({ ...report, machine }, null, 2)}\n`,
  );
}
