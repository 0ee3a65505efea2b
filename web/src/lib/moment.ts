const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'long',
  timeStyle: 'medium',
  hourCycle: 'h23',
});
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `14:32` */
export const clockTime = (moment: Date): string => time.format(moment);

/** `14:32` today, `tomorrow at 14:32`, `23 Nov at 14:32`, with the year where it differs. */
export function momentInWords(moment: Date, now: Date): string {
  const days = calendarDays(moment, now);
  if (days === 0) return clockTime(moment);
  if (Math.abs(days) === 1) return `${days === 1 ? 'tomorrow' : 'yesterday'} at ${clockTime(moment)}`;
  const date = moment.getFullYear() === now.getFullYear() ? day.format(moment) : dayOfYear.format(moment);
  return `${date} at ${clockTime(moment)}`;
}

/** The moment within a sentence: `at 14:32`, `tomorrow at 14:32`, `on 23 Nov at 14:32`. */
export function momentInSentence(moment: Date, now: Date): string {
  const words = momentInWords(moment, now);
  const days = calendarDays(moment, now);
  if (days === 0) return `at ${words}`;
  return Math.abs(days) === 1 ? words : `on ${words}`;
}

/** Date and time to the second, for a tooltip. */
export const exactMoment = (moment: Date): string => exact.format(moment);

/** `just now`, `5 minutes ago`, `3 days ago`; `in 20 minutes` for the future. */
export function agoInWords(moment: Date, now: Date): string {
  const difference = moment.getTime() - now.getTime();
  const size = Math.abs(difference);
  if (size < MINUTE) return difference > 0 ? 'in less than a minute' : 'just now';
  if (size < HOUR) return relative.format(Math.trunc(difference / MINUTE), 'minute');
  if (size < DAY) return relative.format(Math.trunc(difference / HOUR), 'hour');
  return relative.format(Math.trunc(difference / DAY), 'day');
}

function calendarDays(moment: Date, now: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return (midnight(moment) - midnight(now)) / DAY;
}
