import { spread } from './load.ts';

export interface Candidate {
  name: string;
  /** Takes one measurement. More is better unless the bench says otherwise. */
  measure(): Promise<number>;
}

export interface Measured {
  name: string;
  median: number;
  /** The value of every round, in order. */
  rounds: number[];
}

/**
 * Measures every candidate once a round, so that a temporary slowdown of the machine affects all of them.
 * @param settle waits before each measurement for the work that the previous one left
 */
export async function measureInRounds(
  candidates: readonly Candidate[],
  rounds: number,
  settle: () => Promise<void> = async () => {},
): Promise<Measured[]> {
  const figures = candidates.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, candidate] of candidates.entries()) {
      await settle();
      figures[index]!.push(await candidate.measure());
    }
  }
  return candidates.map(({ name }, index) => ({
    name,
    median: spread(figures[index]!).median,
    rounds: figures[index]!,
  }));
}
