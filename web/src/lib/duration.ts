import { plural } from '@lingui/core/macro';
import { i18n } from '@lingui/core';
import { byLocale } from './by-locale.ts';

/** In seconds. */
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

type Unit = (typeof UNITS)[number][0];

const unitFormat = (unit: Unit) =>
  byLocale((locales) => new Intl.NumberFormat(locales, { style: 'unit', unit, unitDisplay: 'long' }));

const FORMATS = {
  day: unitFormat('day'),
  hour: unitFormat('hour'),
  minute: unitFormat('minute'),
  second: unitFormat('second'),
};

/** Our English has no comma before "and", in any region. */
const list = byLocale(
  (locales) => new Intl.ListFormat(i18n.locale === 'en' ? 'en-GB' : locales, { type: 'conjunction' }),
);

/** Minutes in words: `30 minutes`, `12 hours`, `2 days and 6 hours`, `3 days`. Exact, never rounded. */
export const inWords = (minutes: number): string =>
  minutes === 0 ? FORMATS.minute().format(0) : secondsInWords(minutes * 60);

/** Seconds in words, rounded to whole ones: `40 seconds`, `2 minutes and 30 seconds`. */
export function secondsInWords(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(FORMATS[unit]().format(amount));
    rest -= amount * size;
  }
  return parts.length === 0 ? FORMATS.second().format(0) : list().format(parts);
}

/**
 * Minutes before the word "limit": `30-minute`, `12-hour`, `3-day`. In minutes where no larger unit fits exactly. Other
 * languages put what their word for "limit" needs: `12-Stunden`, `12 heures`.
 */
export function asAdjective(minutes: number): string {
  const [unit, amount] =
    minutes >= 1440 && minutes % 1440 === 0
      ? ['day', minutes / 1440]
      : minutes >= 60 && minutes % 60 === 0
        ? ['hour', minutes / 60]
        : ['minute', minutes];
  switch (unit) {
    case 'day':
      return plural(amount, { one: '#-day', other: '#-day' });
    case 'hour':
      return plural(amount, { one: '#-hour', other: '#-hour' });
    default:
      return plural(amount, { one: '#-minute', other: '#-minute' });
  }
}

/** Seconds as a countdown: `4:59`, `0:07`. */
export const asClock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
