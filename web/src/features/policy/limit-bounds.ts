import type { Limits } from '../policy-words/limits-in-words.ts';

/** What the server allows, in minutes. */
export interface LimitBounds {
  idleMinutesMin: number;
  idleMinutesMax: number;
  absoluteMinutesMin: number;
  absoluteMinutesMax: number;
}

/** The limits that a new session gets, as the server cuts them (test/policy/page-agrees.test.ts): within the bounds, and the idle limit at most the absolute one. */
export function limitsInForce({ idleMinutes, absoluteMinutes }: Limits, bounds: LimitBounds): Limits {
  const absolute = clamp(absoluteMinutes, bounds.absoluteMinutesMin, bounds.absoluteMinutesMax);
  const idle = clamp(idleMinutes, bounds.idleMinutesMin, bounds.idleMinutesMax);
  return { idleMinutes: Math.min(idle, absolute), absoluteMinutes: absolute };
}

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max);
