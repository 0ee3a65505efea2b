/** The clock that openid-client reads, in Unix seconds. */
// eslint-disable-next-line no-restricted-syntax -- the clock that openid-client reads
export const systemSeconds = (): number => Math.floor(Date.now() / 1000);
