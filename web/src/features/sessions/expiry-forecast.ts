import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import type { SessionsExpiryForecastQuery } from '../../generated/sessions-operations.ts';

/** How many current sessions end within one slice of the coming time, by limit. */
export type ForecastSlice = SessionsExpiryForecastQuery['sessionExpiryForecast'][number];

/** A slice with its bounds on this computer's clock. */
export interface LocalForecastSlice extends ForecastSlice {
  from: Date;
  to: Date;
}

/** The periods that a forecast can cover. */
export const PERIODS = [12, 24, 72, 168] as const;

export type PeriodHours = (typeof PERIODS)[number];

/** `12 hours`, `3 days` */
export function periodInWords(hours: PeriodHours): string {
  const { days } = partsOf(hours);
  return days === null
    ? plural(hours, { one: '# hour', other: '# hours' })
    : plural(days, { one: '# day', other: '# days' });
}

/** Each period is of whole days, or in hours alone. */
const partsOf = (hours: PeriodHours): { days: number | null } => ({ days: hours > 24 ? hours / 24 : null });

export const totalOf = ({ idle, absolute }: Pick<ForecastSlice, 'idle' | 'absolute'>): number =>
  idle + absolute;

/** `7 sessions end within 12 hours: 5 at the idle limit, 2 at the absolute limit.` */
export function summaryOf(slices: readonly ForecastSlice[], hours: PeriodHours): string {
  const idle = slices.reduce((sum, slice) => sum + slice.idle, 0);
  const absolute = slices.reduce((sum, slice) => sum + slice.absolute, 0);
  const { days } = partsOf(hours);
  // A sentence for hours and one for days: the words around them differ between languages.
  return days === null ? summaryInHours(idle, absolute, hours) : summaryInDays(idle, absolute, days);
}

function summaryInHours(idle: number, absolute: number, hours: number): string {
  const total = idle + absolute;
  if (total === 0) return t`No session ends within ${hours} hours.`;
  if (absolute === 0)
    return plural(total, {
      one: `# session ends within ${hours} hours, at the idle limit.`,
      other: `# sessions end within ${hours} hours, at the idle limit.`,
    });
  if (idle === 0)
    return plural(total, {
      one: `# session ends within ${hours} hours, at the absolute limit.`,
      other: `# sessions end within ${hours} hours, at the absolute limit.`,
    });
  const [atIdle, atAbsolute] = [i18n.number(idle), i18n.number(absolute)];
  return plural(total, {
    one: `# session ends within ${hours} hours: ${atIdle} at the idle limit, ${atAbsolute} at the absolute limit.`,
    other: `# sessions end within ${hours} hours: ${atIdle} at the idle limit, ${atAbsolute} at the absolute limit.`,
  });
}

function summaryInDays(idle: number, absolute: number, days: number): string {
  const total = idle + absolute;
  if (total === 0) return t`No session ends within ${days} days.`;
  if (absolute === 0)
    return plural(total, {
      one: `# session ends within ${days} days, at the idle limit.`,
      other: `# sessions end within ${days} days, at the idle limit.`,
    });
  if (idle === 0)
    return plural(total, {
      one: `# session ends within ${days} days, at the absolute limit.`,
      other: `# sessions end within ${days} days, at the absolute limit.`,
    });
  const [atIdle, atAbsolute] = [i18n.number(idle), i18n.number(absolute)];
  return plural(total, {
    one: `# session ends within ${days} days: ${atIdle} at the idle limit, ${atAbsolute} at the absolute limit.`,
    other: `# sessions end within ${days} days: ${atIdle} at the idle limit, ${atAbsolute} at the absolute limit.`,
  });
}

/** Axis ticks: at most five whole numbers from 0 to at least `highest`, in steps of 1, 2 or 5 times a power of ten. */
export function ticksFor(highest: number): number[] {
  const target = Math.max(1, highest);
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) {
      const step = factor * power;
      const count = Math.ceil(target / step);
      if (count <= 4) return Array.from({ length: count + 1 }, (_, index) => index * step);
    }
  }
}
