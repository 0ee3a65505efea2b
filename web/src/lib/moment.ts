import { t } from '@lingui/core/macro';
import { byLocale } from './by-locale.ts';

const dateFormat = (options: Intl.DateTimeFormatOptions) =>
  byLocale((locales) => new Intl.DateTimeFormat(locales, options));

const time = dateFormat({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = dateFormat({ day: 'numeric', month: 'short' });
const dayOfYear = dateFormat({ day: 'numeric', month: 'short', year: 'numeric' });
const exact = dateFormat({ dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23' });
const relative = byLocale((locales) => new Intl.RelativeTimeFormat(locales, { numeric: 'auto' }));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `14:32` */
export const clockTime = (moment: Date): string => time().format(moment);

/** `14:32` today, `tomorrow at 14:32`, `23 Nov at 14:32`, with the year where it differs. */
export function momentInWords(moment: Date, now: Date): string {
  const clock = clockTime(moment);
  switch (calendarDays(moment, now)) {
    case 0:
      return clock;
    case 1:
      return t`tomorrow at ${clock}`;
    case -1:
      return t`yesterday at ${clock}`;
    default: {
      const date = dateInWords(moment, now);
      return t`${date} at ${clock}`;
    }
  }
}

/** The moment within a sentence: `at 14:32`, `tomorrow at 14:32`, `on 23 Nov at 14:32`. */
export function momentInSentence(moment: Date, now: Date): string {
  const days = calendarDays(moment, now);
  if (Math.abs(days) === 1) return momentInWords(moment, now);
  const clock = clockTime(moment);
  if (days === 0) return t`at ${clock}`;
  const date = dateInWords(moment, now);
  return t`on ${date} at ${clock}`;
}

/** Date and time to the second, for a tooltip. */
export const exactMoment = (moment: Date): string => exact().format(moment);

/** `just now`, `5 minutes ago`, `3 days ago`; `in 20 minutes` for the future. */
export function agoInWords(moment: Date, now: Date): string {
  const difference = moment.getTime() - now.getTime();
  const size = Math.abs(difference);
  if (size < MINUTE) return difference > 0 ? t`in less than a minute` : t`just now`;
  if (size < HOUR) return relative().format(Math.trunc(difference / MINUTE), 'minute');
  if (size < DAY) return relative().format(Math.trunc(difference / HOUR), 'hour');
  return relative().format(Math.trunc(difference / DAY), 'day');
}

const dateInWords = (moment: Date, now: Date): string =>
  moment.getFullYear() === now.getFullYear() ? day().format(moment) : dayOfYear().format(moment);

function calendarDays(moment: Date, now: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return (midnight(moment) - midnight(now)) / DAY;
}
