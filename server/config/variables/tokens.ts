import { createPrivateKey, createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { describeFileError } from '../../file-problem.ts';
import { readSettingsFile } from '../read-settings-file.ts';
import { fault } from './fault.ts';
import { list, positiveNumber, wholeNumber } from './formats.ts';

function refreshSecrets() {
  const expected = 'comma separated secrets of at least 32 bytes each, without spaces around them';
  const read = (entry: string) =>
    Buffer.byteLength(entry) >= 32 && entry === entry.trim() ? entry : undefined;
  // Trimming would silently sign with another key than the given one.
  return list(expected, read, (entry) => entry);
}

const PEM_EXPECTED = 'P-256 private keys in PEM, without a passphrase, one after the other';

/** Returns the public half of a P-256 private key, undefined for anything else. */
function publicHalf(pem: string): string | undefined {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
    return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    return undefined;
  }
}

function readKeys(text: string, report: (message: string) => void): readonly string[] {
  const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;
  // `openssl ecparam -genkey` writes the curve's parameters before the key.
  const pems = (text.match(block) ?? []).filter((pem) => !pem.startsWith('-----BEGIN EC PARAMETERS'));
  if (text.replace(block, '').includes('-----')) report(fault('has an incomplete PEM block', PEM_EXPECTED));
  else if (pems.length === 0) report(fault('has no PEM block', PEM_EXPECTED));
  const halves = pems.map(publicHalf);
  halves.forEach((half, index) => {
    if (half === undefined) report(fault(`key ${index + 1} is not a P-256 private key`, PEM_EXPECTED));
    else if (halves.indexOf(half) < index)
      report(fault(`key ${index + 1} repeats an earlier one`, PEM_EXPECTED));
  });
  return pems;
}

function keys() {
  return z.string().transform((text, context) =>
    // An environment file that cannot hold line breaks has them as \n.
    readKeys(text.replaceAll('\\n', '\n'), (message) => context.addIssue(message)),
  );
}

function keyFile() {
  return z.string().transform((path, context) => {
    try {
      return readKeys(readSettingsFile(path).toString('utf8'), (message) => context.addIssue(message));
    } catch (error) {
      context.addIssue(
        fault(`cannot be read (${describeFileError(error)})`, `the path of a file with ${PEM_EXPECTED}`),
      );
      return z.NEVER;
    }
  });
}

export const tokens = {
  REFRESH_TOKEN_SECRET: refreshSecrets()
    .optional()
    .describe(
      'Keys of refresh tokens, comma separated, at least 32 bytes each. The first signs, all verify. Generated on the embedded database, required with DATABASE_URL.',
    ),
  ACCESS_TOKEN_PRIVATE_KEY: keys()
    .optional()
    .describe(
      'P-256 private keys in PEM, one after the other. The first signs, all verify and are published. Generated on the embedded database, required with DATABASE_URL.',
    ),
  ACCESS_TOKEN_PRIVATE_KEY_FILE: keyFile().optional().describe('A file with these keys, instead.'),
  ACCESS_TOKEN_TTL_SECONDS: positiveNumber().prefault('300').describe('Lifetime of an access token.'),
  ACCESS_TOKEN_AUDIENCES: list('comma separated names without spaces, other than curfew', (entry) =>
    /^[\x21-\x7e]+$/.test(entry) && entry !== 'curfew' ? entry : undefined,
  )
    .optional()
    .describe('Further audiences that a caller may ask for, comma separated.'),
  REFRESH_REUSE_GRACE_SECONDS: wholeNumber(0, 60)
    .prefault('10')
    .describe('How long the parent of a refresh token may be replayed after its rotation, 0 to 60.'),
};
