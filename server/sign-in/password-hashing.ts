import { hash, verify } from '@node-rs/argon2';
import { networkOf } from '../addresses.ts';
import { createHashQueue, type HashQueueLimits } from './hash-queue.ts';
import { normalise, MAX_PASSWORD_LENGTH } from './password-rules.ts';

const ARGON2ID = 2;

/** OWASP's first recommendation for argon2id with little memory: 19 MiB, two passes, one lane. */
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashing is slow by design: four at a time, with a bounded queue, of which one network may fill half. */
const QUEUE_LIMITS: HashQueueLimits = { slots: 4, waiting: 256, waitingPerNetwork: 128 };

/** Whether the password matches the hash. A null hash matches no password, and the comparison takes as long. */
export type ComparePassword = (hash: string | null, password: string) => Promise<boolean>;

export interface PasswordHasher {
  /** @param address the client's, null for none @throws RATE_LIMITED as `inSlot` */
  hash(password: string, address: string | null): Promise<string>;
  /**
   * Runs `verification` when a slot is free; networks are served in rotation. A check before the hashing, such as a
   * throttle, thus runs one slot at a time and cannot be overrun by requests that arrive together.
   * @throws RATE_LIMITED when too many from the address's network are waiting
   */
  inSlot<T>(address: string | null, verification: (compare: ComparePassword) => Promise<T>): Promise<T>;
}

export async function createPasswordHasher(queueLimits = QUEUE_LIMITS): Promise<PasswordHasher> {
  // Compared with when there is no hash, so that an unknown e-mail takes as much time as a known one.
  const decoy = await hash('no one has this password', PARAMETERS);
  const queue = createHashQueue(queueLimits);

  async function compare(passwordHash: string | null, password: string): Promise<boolean> {
    const isPlausible = password.length <= MAX_PASSWORD_LENGTH * 4;
    const isMatch = await verify(passwordHash ?? decoy, isPlausible ? normalise(password) : '');
    return passwordHash !== null && isPlausible && isMatch;
  }

  const inSlot: PasswordHasher['inSlot'] = (address, verification) =>
    queue.run(networkOf(address), () => verification(compare));

  return {
    inSlot,
    hash: (password, address) => inSlot(address, () => hash(normalise(password), PARAMETERS)),
  };
}
