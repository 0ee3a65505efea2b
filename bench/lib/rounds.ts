import { spread } from './load.ts';

export interface Candidate {
  name: string;
  /** One measurement; more is better unless the bench says otherwise. */
  measure(): Promise<number>;
}

export interface Measured {
  name: string;
  median: number;
  /** Every round's figure, in order. */
  rounds: number[];
}

/**
 * Every candidate once a round, so that what slows the machine for a while slows them all.
 * @param settle waits before each until what the one before has left behind is done
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
