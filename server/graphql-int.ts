/** GraphQL's Int has 32 bits. */
const MAX_INT = 2 ** 31 - 1;

/** Returns the nearest number that GraphQL's Int can hold. */
export const toInt = (whole: number): number => Math.min(Math.max(whole, -MAX_INT), MAX_INT);
