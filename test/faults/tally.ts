/** Observations of all clients of a suite. The lists have to stay empty; each entry describes a violation. */
export interface Tally {
  rotations: number;
  /** Requests repeated because no answer came in time. */
  repeats: number;
  /** Answers with UNAVAILABLE or 503. */
  unavailable: number;
  /** Sessions that ended without a cause. */
  lost: string[];
  /** Tokens that had two successors. */
  forks: string[];
  /** Requests accepted although the end of their session had been acknowledged before. */
  acceptedAfterEnd: string[];
  /** Invalid answers: any 5xx but 503, and codes that these requests cannot get. */
  faults: string[];
}

export const newTally = (): Tally => ({
  rotations: 0,
  repeats: 0,
  unavailable: 0,
  lost: [],
  forks: [],
  acceptedAfterEnd: [],
  faults: [],
});

/** Observations since the last call; resets them. */
export function takeTally(tally: Tally): Tally {
  const taken = { ...tally };
  Object.assign(tally, newTally());
  return taken;
}

/** @throws after any violation */
export function expectNoHarm({ lost, forks, acceptedAfterEnd, faults }: Tally): void {
  expect({ lost, forks, acceptedAfterEnd, faults }).toEqual({
    lost: [],
    forks: [],
    acceptedAfterEnd: [],
    faults: [],
  });
}
