import type { SessionsEndingsQuery } from '../../generated/operations.ts';
import { sessions } from './counting.ts';

/** How many live sessions end in one slice of the time ahead, and at which limit. */
export type Slice = SessionsEndingsQuery['sessionEndings'][number];

/** How far to look ahead. */
export const HORIZONS = [
  { hours: 12, label: '12 hours' },
  { hours: 24, label: '24 hours' },
  { hours: 72, label: '3 days' },
  { hours: 168, label: '7 days' },
] as const;

export type Hours = (typeof HORIZONS)[number]['hours'];

export const horizonInWords = (hours: Hours): string =>
  HORIZONS.find((horizon) => horizon.hours === hours)!.label;

export const totalOf = ({ idle, absolute }: Pick<Slice, 'idle' | 'absolute'>): number => idle + absolute;

/** `7 sessions end within 12 hours: 5 by inactivity, 2 by the time limit.` */
export function summaryOf(slices: readonly Slice[], hours: Hours): string {
  const idle = slices.reduce((sum, slice) => sum + slice.idle, 0);
  const absolute = slices.reduce((sum, slice) => sum + slice.absolute, 0);
  const total = idle + absolute;
  const within = horizonInWords(hours);
  if (total === 0) return `No session ends within ${within}.`;
  const start = `${sessions(total)} ${total === 1 ? 'ends' : 'end'} within ${within}`;
  if (absolute === 0) return `${start}, by inactivity.`;
  if (idle === 0) return `${start}, by the time limit.`;
  return `${start}: ${idle} by inactivity, ${absolute} by the time limit.`;
}

/** Whole numbers from 0 up to at least `highest`, in even steps of 1, 2 or 5 times a power of ten; at most five. */
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
