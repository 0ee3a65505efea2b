/** Redis as this node uses it: events between nodes, and failed sign-ins that all nodes count together. */
export interface RedisStatus {
  readonly isUp: boolean;
  /** What is wrong while Redis answers; null otherwise. */
  readonly problem: string | null;
}

export const createRedisStatus = (
  bus: { readonly isUp: boolean },
  signIn: { readonly hasSharedCounters: boolean },
): RedisStatus => ({
  get isUp() {
    return bus.isUp && signIn.hasSharedCounters;
  },
  get problem() {
    return bus.isUp && !signIn.hasSharedCounters ? 'takes no writes' : null;
  },
});
