import fc from 'fast-check';
import { report, seedsOf, sized } from '../size.ts';
import { fill, playRound, type Event, type Pauses, type Scene } from './round.ts';
import { reportFault } from './table.ts';
import { takeTally } from './tally.ts';

const ROUNDS = sized(1, 20);
const KEPT_SEEDS = [2_026];

const pauses: fc.Arbitrary<Pauses> = fc.record({
  before: fc.integer({ min: 0, max: 300 }),
  during: fc.integer({ min: 0, max: sized(1_000, 8_000) }),
});

/**
 * Runs every round of one fault and prints its row, even after a failure. The seed decides when the fault starts and
 * ends.
 */
export async function playRounds(
  name: string,
  scene: Scene,
  eventOf: (round: number) => Omit<Event, 'pauses'>,
): Promise<void> {
  const servedAgainMs: number[] = [];
  takeTally(scene.tally);
  try {
    for (const seed of seedsOf(KEPT_SEEDS)) {
      report(`faults: ${name}`, { seed });
      for (const [round, chosen] of fc.sample(pauses, { seed, numRuns: ROUNDS }).entries()) {
        await fill(scene);
        servedAgainMs.push(await playRound(scene, { ...eventOf(round), pauses: chosen }));
      }
    }
  } finally {
    reportFault(name, takeTally(scene.tally), servedAgainMs);
  }
}
