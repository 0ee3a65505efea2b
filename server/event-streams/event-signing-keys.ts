import { addSeconds, type Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import {
  insertEventKey,
  listEventKeys,
  purgeEventKeys,
  resealEventKey,
  retireEventKey,
  type StoredEventKey,
} from './event-signing-keys.sql.ts';
import {
  generateEventKey,
  readPrivateKey,
  toPublishedKey,
  writePrivateKey,
  type EventSigningKey,
} from './event-signing-key.ts';
import type { SecretBox } from './secret-box.ts';

/** The keys of security event tokens. All nodes share them: they are in the database, sealed. */
export interface EventSigningKeys {
  /** The key that signs now. Made on first use, and when the one that is there cannot be opened. */
  signing(): Promise<EventSigningKey>;
  /**
   * The public keys to publish (RFC 7517), the current one first. Never fails and waits for half a second at most: while
   * the database gives no answer, those that were read last.
   */
  published(): Promise<readonly object[]>;
  /** Makes the key that follows a rotation, seals again what an older secret has sealed, removes keys past their time. */
  tidy(): Promise<void>;
}

/** How long what was read is taken for what there is. A receiver may look for a key right after another node made it. */
const FRESH_MS = 1_000;
/** After a read that failed or was late, the next one. */
const RETRY_MS = 10_000;
const PUBLISH_TIMEOUT_MS = 500;
/** Verifiers keep the published keys for five minutes: a new key signs when they know it. */
const SIGNS_AFTER_SECONDS = 300;
/** How long a retired key is published. Tokens that it signed may wait with their receivers. */
const RETIRED_SECONDS = 48 * 3_600;

export function createEventSigningKeys(dependencies: {
  database: Database;
  clock: Clock;
  logger: Logger;
  secretBox: SecretBox;
}): EventSigningKeys {
  const { database, clock, logger, secretBox } = dependencies;
  const opened = new Map<string, EventSigningKey>();
  let known: readonly StoredEventKey[] = [];
  let readAt = -Infinity;
  let failedAt = -Infinity;
  let reading: Promise<readonly StoredEventKey[]> | null = null;

  function read(): Promise<readonly StoredEventKey[]> {
    reading ??= database
      .withTimeout(listEventKeys(database.em()))
      .then(
        (keys) => {
          readAt = performance.now();
          return (known = keys);
        },
        (error: unknown) => {
          failedAt = performance.now();
          throw error;
        },
      )
      .finally(() => (reading = null));
    return reading;
  }

  /** Joins no read in progress, which may not see what was written just now. */
  async function reread(): Promise<readonly StoredEventKey[]> {
    await reading?.catch(() => undefined);
    return read();
  }

  const fresh = async (): Promise<readonly StoredEventKey[]> =>
    performance.now() - readAt < FRESH_MS ? known : read();

  function open({ kid, privateKey }: StoredEventKey): EventSigningKey | null {
    const before = opened.get(kid);
    if (before) return before;
    const der = secretBox.open(privateKey, kid);
    if (!der) return null;
    const key = { kid, privateKey: readPrivateKey(der) };
    opened.set(kid, key);
    return key;
  }

  /** Of a rotation a moment ago, the key of before, while verifiers may not know the new one. */
  function choose(keys: readonly StoredEventKey[], now: Date): EventSigningKey | null {
    const [current, before] = keys;
    if (!current || current.retiredAt) return null;
    const isKnown = current.signsFrom <= now;
    return (isKnown || !before ? null : open(before)) ?? open(current);
  }

  /**
   * Makes the current key where there is none, or none that can be opened, unless another node has done so. After a rotation
   * it signs when verifiers know it.
   */
  async function makeCurrent(stored: readonly StoredEventKey[]): Promise<void> {
    const now = clock.now();
    const unreadable = stored.find(({ retiredAt }) => retiredAt === null);
    const isRotation = !unreadable && stored[0] !== undefined && open(stored[0]) !== null;
    const { kid, privateKey, publicKey } = await generateEventKey();
    const key = {
      kid,
      publicKey,
      privateKey: secretBox.seal(writePrivateKey(privateKey), kid),
      signsFrom: isRotation ? addSeconds(now, SIGNS_AFTER_SECONDS) : now,
    };
    await database.transaction(async (em) => {
      if (unreadable && !(await retireEventKey(em, unreadable.kid, now))) return;
      await insertEventKey(em, key, now);
    });
    if (unreadable)
      logger.warn(
        { kid: unreadable.kid },
        'the key of security event tokens was sealed with a secret that is gone; a new one was made',
      );
  }

  return {
    async signing() {
      const key = choose(await fresh(), clock.now());
      if (key) return key;
      await makeCurrent(await reread());
      const made = choose(await reread(), clock.now());
      if (!made) throw new Error('The key of security event tokens was replaced twice in a moment.');
      return made;
    },

    async published() {
      const age = performance.now() - readAt;
      if (age >= FRESH_MS && performance.now() - failedAt >= RETRY_MS) await soon(read());
      const oldest = addSeconds(clock.now(), -RETIRED_SECONDS);
      return known
        .filter(({ retiredAt }) => retiredAt === null || retiredAt > oldest)
        .map((key) => toPublishedKey(key));
    },

    async tidy() {
      const oldest = addSeconds(clock.now(), -RETIRED_SECONDS);
      await database.statement((em) => purgeEventKeys(em, oldest));
      const stored = await listEventKeys(database.em());
      if (stored[0] && stored[0].retiredAt !== null) await makeCurrent(stored);
      for (const { kid, privateKey } of stored) {
        const der = secretBox.isCurrent(privateKey) ? null : secretBox.open(privateKey, kid);
        if (!der) continue;
        const after = secretBox.seal(der, kid);
        await database.statement((em) => resealEventKey(em, { kid, before: privateKey, after }));
      }
    },
  };

  /** Waits for a read, and for no longer than a reader of the keys should. */
  async function soon(reading: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        failedAt = performance.now();
        resolve();
      }, PUBLISH_TIMEOUT_MS);
    });
    await Promise.race([reading.catch(() => undefined), late]);
    clearTimeout(timer);
  }
}
