import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

export interface Row {
  what: string;
  /** The figure itself, in `unit`. */
  value: number;
  unit: string;
  /** Every round's, where there were several. */
  rounds?: number[];
  /** What it is to be compared with, in the same run, and how. */
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
  /** Of the server that was measured on; see `ScratchDatabase`. */
  postgres?: Record<string, string>;
  /** What was left out, and why. */
  remarks?: string[];
}

export const resultsFolder = (): string =>
  process.env.BENCH_RESULTS ?? join(import.meta.dirname, '..', 'results');

const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

/** Whether a figure is where it is meant to be. */
export const isMet = ({ value, atLeast = -Infinity, atMost = Infinity }: Ratio): boolean =>
  value >= atLeast && value <= atMost;

function verdict(ratio: Ratio): string {
  const { atLeast, atMost } = ratio;
  const aim =
    atLeast !== undefined ? ` (at least ${atLeast})` : atMost !== undefined ? ` (at most ${atMost})` : '';
  const mark = atLeast === undefined && atMost === undefined ? '' : isMet(ratio) ? ' ✓' : ' ✗';
  return `${number(ratio.value)} of ${ratio.to}${aim}${mark}`;
}

/** Prints a table and writes the same, with every round, to `NAME.json` in `bench/results` or `BENCH_RESULTS`. */
export async function publish(report: Report): Promise<void> {
  const lines = report.rows.map((row) => [
    row.what,
    `${number(row.value)} ${row.unit}`,
    [row.ratio ?? []].flat().map(verdict).join('; '),
    row.note ?? '',
  ]);
  const header = ['', 'median', 'ratio', ''];
  const widths = header.map((_, column) =>
    Math.max(...[header, ...lines].map((line) => line[column]!.length)),
  );
  console.log(`\n${report.title}`);
  for (const line of [header, ...lines])
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  for (const remark of report.remarks ?? []) console.log(remark);
  const folder = resultsFolder();
  await mkdir(folder, { recursive: true });
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
  await writeFile(
    join(folder, `${report.name}.json`),
    `${JSON.stringify({ ...report, machine }, null, 2)}\n`,
  );
}
