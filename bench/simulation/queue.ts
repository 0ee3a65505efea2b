/** Returns a seeded random generator: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Returns arrivals in a second for an expected `mean`: Poisson, above 50 by its normal approximation. */
export function createArrivals(random: () => number): (mean: number) => number {
  return (mean) => {
    if (mean > 50) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      return Math.max(0, Math.round(mean + normal * Math.sqrt(mean)));
    }
    let count = 0;
    for (let left = Math.exp(-mean), product = random(); product > left; product *= random()) count += 1;
    return count;
  };
}

/** A queue with a capacity of `capacity` seconds of work a second. Work left over stays for the next second. */
export function createQueue(capacity: number, seconds: number) {
  let backlog = 0;
  let peak = 0;
  let worst = 0;
  let done = 0;
  return {
    /** Returns the seconds that work of this second waits: behind the backlog and its neighbours (M/M/1, 1 ms each). */
    add(work: number): number {
      const load = Math.min(0.99, (work + backlog) / capacity);
      const wait = backlog / capacity + ((load / (1 - load)) * 0.001) / capacity;
      peak = Math.max(peak, work / capacity);
      const finished = Math.min(capacity, backlog + work);
      backlog += work - finished;
      done += finished;
      worst = Math.max(worst, wait);
      return wait;
    },
    get report() {
      return { peak, worst, mean: done / capacity / seconds, left: backlog };
    },
  };
}
