import { hash, verify } from '@node-rs/argon2';
import { badInput, AppError } from '../errors.ts';

const ARGON2ID = 2;

/** OWASP's first recommendation for argon2id with little memory: 19 MiB, two passes, one lane. */
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;

/** Hashing is heavy on purpose: this many at a time, and a bounded queue behind them. */
const SLOTS = 4;
const QUEUE = 256;

/** Whether the password is the one of the hash; null matches none and takes as long. */
export type Matches = (hash: string | null, password: string) => Promise<boolean>;

export interface Passwords {
  hash(password: string): Promise<string>;
  /**
   * Runs `verification` when a slot is free. What it decides before it hashes, such as a throttle, is then decided
   * one slot at a time and cannot be overrun by requests that arrive together.
   */
  inSlot<T>(verification: (matches: Matches) => Promise<T>): Promise<T>;
}

/** NFKC, so that the same password typed on another keyboard is the same password (NIST SP 800-63B, 3.1.1.2). */
const normalise = (password: string): string => password.normalize('NFKC');

export async function createPasswords(): Promise<Passwords> {
  // Compared with where there is no password to compare with: a stranger's address costs as much time as a known one.
  const decoy = await hash('nobody has this password', PARAMETERS);
  let free = SLOTS;
  const waiting: (() => void)[] = [];

  async function acquire(): Promise<void> {
    if (free > 0) {
      free -= 1;
      return;
    }
    if (waiting.length >= QUEUE) throw new AppError('UNAVAILABLE', 'Too many sign-ins at once. Try again.');
    await new Promise<void>((turn) => waiting.push(turn));
  }

  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  async function matches(passwordHash: string | null, password: string): Promise<boolean> {
    const isPlausible = password.length <= PASSWORD_MAX * 4;
    const isMatch = await verify(passwordHash ?? decoy, isPlausible ? normalise(password) : '');
    return passwordHash !== null && isPlausible && isMatch;
  }

  const inSlot: Passwords['inSlot'] = async (verification) => {
    await acquire();
    try {
      return await verification(matches);
    } finally {
      release();
    }
  };

  return { inSlot, hash: (password) => inSlot(() => hash(normalise(password), PARAMETERS)) };
}

/**
 * 12 to 128 characters and not the e-mail address; no rules of composition.
 * @throws BAD_USER_INPUT with `field` newPassword
 */
export function requireGoodPassword(password: string, email: string): void {
  const length = [...normalise(password)].length;
  if (length < PASSWORD_MIN || length > PASSWORD_MAX) {
    throw badInput('newPassword', `A password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`, {
      reason: 'OUT_OF_BOUNDS',
      min: PASSWORD_MIN,
      max: PASSWORD_MAX,
    });
  }
  if (normalise(password).toLowerCase() === email.toLowerCase()) {
    throw badInput('newPassword', 'The password must not be the e-mail address.', { reason: 'EQUALS_EMAIL' });
  }
}
