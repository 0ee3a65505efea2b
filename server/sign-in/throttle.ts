import { networkOf } from '../addresses.ts';
import { AppError } from '../errors.ts';
import { sha256Base64Url } from '../sha256.ts';
import { groupKey, type FailureCounter, type FailureCounters } from './failure-counters.ts';

export interface ThrottleLimits {
  readonly failuresPerPair: number;
  readonly failuresPerEmail: number;
  readonly failuresPerAddress: number;
}

export interface Attempt {
  /** Null: the attempt names none, such as one with a link. */
  email: string | null;
  address: string | null;
  /** Proves earlier sign-ins in this browser; see `known-devices.ts`. */
  deviceToken?: string | null;
}

export interface Throttle {
  /** @throws RATE_LIMITED with `retryAfterSeconds` when a limit is reached */
  requireAllowed(attempt: Attempt): Promise<void>;
  recordFailure(attempt: Attempt): Promise<void>;
  /** Clears only the pair: one successful sign-in must not erase others' failures of the address or the e-mail. */
  recordSuccess(attempt: Attempt): Promise<void>;
  /** Clears every failure of an e-mail, whose user was deleted. Those of the networks stay. */
  forget(email: string): Promise<void>;
}

/** Recognises the browsers and networks where an e-mail has signed in within 30 days. */
export interface KnownClients {
  /** The id of the browser that the token names, if the user with this e-mail signed in there; else null. */
  findDevice(deviceToken: string | null, email: string): Promise<string | null>;
  isKnownNetwork(email: string, network: string): Promise<boolean>;
}

/**
 * Limits the failures within 15 minutes of a pair (an e-mail from one network), of an e-mail from anywhere, and of a
 * network. Keys are hashes, so that memory dumps hold no e-mail. Anyone can reach the second limit for someone else's
 * e-mail, so it does not bind where that e-mail has signed in before: a known browser has its own pair instead of its
 * network's, and in a known network only the network's pair counts (OWASP's device cookies).
 */
export function createThrottle(
  limits: ThrottleLimits,
  { counters, known }: { counters: FailureCounters; known: KnownClients },
): Throttle {
  const pair = counters.create('pair', limits.failuresPerPair);
  const perEmail = counters.create('email', limits.failuresPerEmail);
  const perAddress = counters.create('address', limits.failuresPerAddress);

  async function findClient({ email, address, deviceToken }: Attempt) {
    const network = networkOf(address);
    const device = email === null ? null : await known.findDevice(deviceToken ?? null, email);
    const client = device === null ? `network ${network}` : `device ${device}`;
    const pairKey = groupKey(sha256Base64Url(`${email}`), sha256Base64Url(`${email}\n${client}`));
    return { network, device, pairKey };
  }

  const clients = new WeakMap<Attempt, ReturnType<typeof findClient>>();

  /** One answer for the whole attempt: it is counted where it was checked. */
  function clientOf(attempt: Attempt): ReturnType<typeof findClient> {
    const client = clients.get(attempt) ?? findClient(attempt);
    clients.set(attempt, client);
    return client;
  }

  /** Milliseconds until the limit no longer binds. Null: it does not bind. */
  async function waitOf(counter: FailureCounter, key: string): Promise<number | null> {
    const count = await counter.read(key);
    return count && count.failures >= counter.limit ? count.msLeft : null;
  }

  async function emailWait(email: string, network: string, device: string | null): Promise<number | null> {
    const wait = await waitOf(perEmail, sha256Base64Url(email));
    if (wait === null || device !== null) return null;
    return (await known.isKnownNetwork(email, network)) ? null : wait;
  }

  return {
    async requireAllowed(attempt) {
      const { email } = attempt;
      const { network, device, pairKey } = await clientOf(attempt);
      const waits = await Promise.all([
        waitOf(perAddress, sha256Base64Url(network)),
        ...(email === null ? [] : [waitOf(pair, pairKey), emailWait(email, network, device)]),
      ]);
      const longest = Math.max(...waits.map((wait) => wait ?? -1));
      if (longest < 0) return;
      const retryAfterSeconds = Math.max(1, Math.ceil(longest / 1000));
      throw new AppError('RATE_LIMITED', 'Too many failed attempts. Try again later.', { retryAfterSeconds });
    },

    async recordFailure(attempt) {
      const { email } = attempt;
      const { network, pairKey } = await clientOf(attempt);
      await Promise.all([
        perAddress.add(sha256Base64Url(network)),
        ...(email === null ? [] : [pair.add(pairKey), perEmail.add(sha256Base64Url(email))]),
      ]);
    },

    async recordSuccess(attempt) {
      if (attempt.email !== null) await pair.clear((await clientOf(attempt)).pairKey);
    },

    async forget(email) {
      const key = sha256Base64Url(email);
      await Promise.all([pair.clearGroup(key), perEmail.clear(key)]);
    },
  };
}
