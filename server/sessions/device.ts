import Bowser from 'bowser';

/** A name a person recognises, such as "Firefox on Windows"; null where the user agent tells nothing. */
export function deviceName(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent);
  const parts = [browser.name, os.name].filter((name) => name !== undefined && name !== '');
  return parts.length > 0 ? parts.join(' on ') : null;
}
