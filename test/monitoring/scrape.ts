import type { TestApp } from '../harness.ts';

/** The samples of one scrape of `/metrics`. */
export interface Scrape {
  readonly text: string;
  /** The value of a series, such as `curfew_refreshes_total{outcome="rotated"}`. Undefined: there is none. */
  value(series: string): number | undefined;
  /** The names of all metrics, with or without samples. */
  readonly names: readonly string[];
}

export async function scrape({ url }: Pick<TestApp, 'url'>): Promise<Scrape> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, series, value] = /^([^#\s]\S*(?: \S+)*?) (\S+)$/.exec(line) ?? [];
    if (series !== undefined) samples.set(series, Number(value));
  }
  return {
    text,
    value: (series) => samples.get(series),
    names: [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!),
  };
}

/** How much each of these series has grown since the scrape `before`. */
export async function growth(
  app: Pick<TestApp, 'url'>,
  before: Scrape,
  series: readonly string[],
): Promise<Record<string, number>> {
  const after = await scrape(app);
  return Object.fromEntries(
    series.map((name) => [name, (after.value(name) ?? 0) - (before.value(name) ?? 0)]),
  );
}
