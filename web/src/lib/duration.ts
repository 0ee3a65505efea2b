const UNITS = [
  ['day', 1440],
  ['hour', 60],
  ['minute', 1],
] as const;

const count = (amount: number, unit: string): string => `${amount} ${unit}${amount === 1 ? '' : 's'}`;

/** Minutes in words: `30 minutes`, `12 hours`, `2 days and 6 hours`, `3 days`. Exact, never rounded. */
export function inWords(minutes: number): string {
  const parts: string[] = [];
  let rest = minutes;
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(count(amount, unit));
    rest -= amount * size;
  }
  if (parts.length === 0) return count(0, 'minute');
  const last = parts.pop()!;
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

/** Minutes as an adjective: `30-minute`, `12-hour`, `3-day`. In minutes where no larger unit fits exactly. */
export function asAdjective(minutes: number): string {
  for (const [unit, size] of UNITS)
    if (minutes >= size && minutes % size === 0) return `${minutes / size}-${unit}`;
  return `${minutes}-minute`;
}

/** Seconds as a countdown: `4:59`, `0:07`. */
export const asClock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
