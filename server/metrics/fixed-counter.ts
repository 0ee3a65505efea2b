import { Counter, type Registry } from 'prom-client';

/**
 * A counter with one label whose values are all known. Every series exists from the start, so that a rate shows its
 * first increase too. Counting is one addition: requests count, and only a scrape pays for the text.
 */
export function createFixedCounter<Value extends string>(
  registry: Registry,
  { name, help, label }: { name: string; help: string; label: string },
  values: readonly Value[],
): (value: Value, by?: number) => void {
  const counts = new Map<Value, number>(values.map((value) => [value, 0]));
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, count] of counts) this.inc({ [label]: value }, count);
    },
  });
  return (value, by = 1) => void counts.set(value, (counts.get(value) ?? 0) + by);
}
