import Bowser from 'bowser';

const MAX_LENGTH = 500;
const UNPAIRED_HIGH_SURROGATE = /[\ud800-\udbff]$/;

/**
 * Returns a user agent as a session row stores it: at most 500 characters (UTF-16 units), never cut inside a surrogate
 * pair, and without lone surrogates, which PostgreSQL cannot store.
 */
export const cutUserAgent = (text: string): string =>
  text.slice(0, MAX_LENGTH).replace(UNPAIRED_HIGH_SURROGATE, '').toWellFormed();

/** Returns a readable device name such as "Firefox on Windows". Null: the user agent names neither browser nor system. */
export function deviceName(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent);
  const parts = [browser.name, os.name].filter((name) => name !== undefined && name !== '');
  return parts.length > 0 ? parts.join(' on ') : null;
}

/** The device as a session row stores it. Empty: the user agent names none. Null: there is no user agent. */
export const storedDevice = (userAgent: string | null): string | null =>
  userAgent === null ? null : (deviceName(userAgent) ?? '');
