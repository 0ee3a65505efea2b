import { plural } from '@lingui/core/macro';
import { i18n } from '@lingui/core';
import { byLocale } from './by-locale.ts';

const UNITS = [
  ['day', 1440],
  ['hour', 60],
  ['minute', 1],
] as const;

type Unit = (typeof UNITS)[number][0];

const unitFormat = (unit: Unit) =>
  byLocale((locales) => new Intl.NumberFormat(locales, { style: 'unit', unit, unitDisplay: 'long' }));

const FORMATS = { day: unitFormat('day'), hour: unitFormat('hour'), minute: unitFormat('minute') };

/** Our English has no comma before "and", in any region. */
const list = byLocale(
  (locales) => new Intl.ListFormat(i18n.locale === 'en' ? 'en-GB' : locales, { type: 'conjunction' }),
);

/** Minutes in words: `30 minutes`, `12 hours`, `2 days and 6 hours`, `3 days`. Exact, never rounded. */
export function inWords(minutes: number): string {
  const parts: string[] = [];
  let rest = minutes;
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(FORMATS[unit]().format(amount));
    rest -= amount * size;
  }
  return parts.length === 0 ? FORMATS.minute().format(0) : list().format(parts);
}

/**
 * Minutes before the word "limit": `30-minute`, `12-hour`, `3-day`. In minutes where no larger unit fits exactly. Other
 * languages put what their word for "limit" needs: `12-Stunden`, `12 heures`.
 */
export function asAdjective(minutes: number): string {
  const [unit, size] =
    UNITS.find(([, size]) => minutes >= size && minutes % size === 0) ?? (['minute', 1] as const);
  const amount = minutes / size;
  switch (unit) {
    case 'day':
      return plural(amount, { one: '#-day', other: '#-day' });
    case 'hour':
      return plural(amount, { one: '#-hour', other: '#-hour' });
    case 'minute':
      return plural(amount, { one: '#-minute', other: '#-minute' });
  }
}

/** Seconds as a countdown: `4:59`, `0:07`. */
export const asClock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
