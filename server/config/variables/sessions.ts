import { MAX_INT, wholeNumber } from './formats.ts';

/** A session counts its limits in seconds. */
const MAX_MINUTES = Math.floor(MAX_INT / 60);

const minutes = (fallback: string, description: string) =>
  wholeNumber(1, MAX_MINUTES).prefault(fallback).describe(description);

export const policy = {
  SESSION_IDLE_MINUTES_DEFAULT: minutes('4320', 'Idle limit of an account that has set none.'),
  SESSION_IDLE_MINUTES_MIN: minutes('10', 'Minimum idle limit that an account may set.'),
  SESSION_IDLE_MINUTES_MAX: minutes('43200', 'Maximum idle limit that an account may set.'),
  SESSION_ABSOLUTE_MINUTES_DEFAULT: minutes('20160', 'Absolute limit of an account that has set none.'),
  SESSION_ABSOLUTE_MINUTES_MIN: minutes('30', 'Minimum absolute limit that an account may set.'),
  SESSION_ABSOLUTE_MINUTES_MAX: minutes('129600', 'Maximum absolute limit that an account may set.'),
};

export const expiry = {
  SESSION_WARNING_SECONDS: wholeNumber(1)
    .prefault('300')
    .describe('Time from the warning to the idle deadline, at most half the limit.'),
  SESSION_ABSOLUTE_WARNING_SECONDS: wholeNumber(1)
    .prefault('300')
    .describe('Time from the warning to the absolute deadline, at most half the limit.'),
  SESSION_SWEEP_SECONDS: wholeNumber(1, 86_400)
    .prefault('15')
    .describe('How often sessions past a deadline are marked as ended.'),
  SESSION_RETENTION_DAYS: wholeNumber(1, 36_500)
    .prefault('90')
    .describe(
      'How long ended sessions are kept. Sign-ins from a new device are compared with those of 90 days at most.',
    ),
  AUDIT_RETENTION_DAYS: wholeNumber(1, 36_500).prefault('400').describe('How long audit events are kept.'),
};
