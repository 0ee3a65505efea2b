import type { SessionsExpiryForecastQuery } from '../../generated/operations.ts';
import { sessions } from '../../lib/count.ts';

/** How many current sessions end within one slice of the coming time, by limit. */
export type ForecastSlice = SessionsExpiryForecastQuery['sessionExpiryForecast'][number];

/** A slice with its bounds on this computer's clock. */
export interface LocalForecastSlice extends ForecastSlice {
  from: Date;
  to: Date;
}

/** The periods that a forecast can cover. */
export const PERIODS = [
  { hours: 12, label: '12 hours' },
  { hours: 24, label: '24 hours' },
  { hours: 72, label: '3 days' },
  { hours: 168, label: '7 days' },
] as const;

export type PeriodHours = (typeof PERIODS)[number]['hours'];

export const periodInWords = (hours: PeriodHours): string =>
  PERIODS.find((period) => period.hours === hours)!.label;

export const totalOf = ({ idle, absolute }: Pick<ForecastSlice, 'idle' | 'absolute'>): number =>
  idle + absolute;

/** `7 sessions end within 12 hours: 5 at the idle limit, 2 at the absolute limit.` */
export function summaryOf(slices: readonly ForecastSlice[], hours: PeriodHours): string {
  const idle = slices.reduce((sum, slice) => sum + slice.idle, 0);
  const absolute = slices.reduce((sum, slice) => sum + slice.absolute, 0);
  const total = idle + absolute;
  const within = periodInWords(hours);
  if (total === 0) return `No session ends within ${within}.`;
  const start = `${sessions(total)} ${total === 1 ? 'ends' : 'end'} within ${within}`;
  if (absolute === 0) return `${start}, at the idle limit.`;
  if (idle === 0) return `${start}, at the absolute limit.`;
  return `${start}: ${idle} at the idle limit, ${absolute} at the absolute limit.`;
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
