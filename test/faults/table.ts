import { report } from '../size.ts';
import type { Tally } from './tally.ts';

/** The row of one fault: its count and its effects on the clients. */
export const reportFault = (fault: string, tally: Tally, servedAgainMs: readonly number[]): void =>
  report(`faults: ${fault}`, {
    rounds: servedAgainMs.length,
    rotations: tally.rotations,
    'sessions lost': tally.lost.length,
    forks: tally.forks.length,
    'accepted after the end': tally.acceptedAfterEnd.length,
    '5xx': tally.faults.length,
    unavailable: tally.unavailable,
    repeated: tally.repeats,
    'served again after (ms)': Math.round(Math.max(...servedAgainMs, 0)),
  });
