import { badInput } from '../../errors.ts';

/** The parsed callback URL of a browser. Nothing in it is verified yet. */
export interface Callback {
  url: URL;
  /** The URL without query and fragment. */
  redirectUri: string;
  state: string;
}

/**
 * Parses a callback URL.
 * @throws BAD_USER_INPUT with `field` callbackUrl unless it is an absolute URL with one `state` and either one `code`
 * or one `error`
 */
export function readCallback(text: string): Callback {
  const url = URL.parse(text);
  if (!url) throw malformed('This is not an absolute URL.');
  const count = (name: string): number => url.searchParams.getAll(name).length;
  if (count('state') !== 1) throw malformed('A callback carries one state.');
  if (count('code') + count('error') !== 1) throw malformed('A callback carries one code or one error.');
  return { url, redirectUri: withoutParameters(url), state: url.searchParams.get('state')! };
}

function withoutParameters(url: URL): string {
  const bare = new URL(url);
  bare.search = '';
  bare.hash = '';
  return bare.href;
}

const malformed = (message: string) => badInput('callbackUrl', message, { reason: 'MALFORMED' });
