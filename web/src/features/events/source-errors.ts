import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** The server's fixed words for why it refused a token, and the same in the language of the page. */
const KNOWN: Readonly<Record<string, MessageDescriptor>> = {
  'A security event token has neither exp nor sub.': msg`A security event token has neither exp nor sub.`,
  'A signed token is needed.': msg`A signed token is needed.`,
  'An event must be an object.': msg`An event must be an object.`,
  'The audience is not the one of this source.': msg`The audience is not the one of this source.`,
  'The body is no signed token.': msg`The body is no signed token.`,
  'The header typ must be global-token-revocation+jwt.': msg`The header typ must be global-token-revocation+jwt.`,
  'The header typ must be secevent+jwt.': msg`The header typ must be secevent+jwt.`,
  'The issuer does not answer.': msg`The issuer does not answer.`,
  'The issuer does not publish the key that the token is signed with.': msg`The issuer does not publish the key that the token is signed with.`,
  'The issuer has no metadata.': msg`The issuer has no metadata.`,
  'The issuer is not the one of this source.': msg`The issuer is not the one of this source.`,
  'The issuer, or its keys, are not at a public https address.': msg`The issuer, or its keys, are not at a public https address.`,
  'The keys of the issuer could not be read.': msg`The keys of the issuer could not be read.`,
  'The keys of the issuer were looked up too often.': msg`The keys of the issuer were looked up too often.`,
  'The metadata of the issuer names another issuer.': msg`The metadata of the issuer names another issuer.`,
  'The metadata of the issuer names no keys.': msg`The metadata of the issuer names no keys.`,
  'The signature does not match a key of the issuer.': msg`The signature does not match a key of the issuer.`,
  'The source sends more than is taken.': msg`The source sends more than is taken.`,
  'The source signs an owner out more often than it may.': msg`The source signs an owner out more often than it may.`,
  'The subject of the event is malformed.': msg`The subject of the event is malformed.`,
  'The token has expired.': msg`The token has expired.`,
  'The token is from the future.': msg`The token is from the future.`,
  'The token is not signed with an accepted algorithm.': msg`The token is not signed with an accepted algorithm.`,
  'The token is not valid yet.': msg`The token is not valid yet.`,
  'The token is too old.': msg`The token is too old.`,
  'The token must have exactly one event.': msg`The token must have exactly one event.`,
  'The token must have iat, in seconds.': msg`The token must have iat, in seconds.`,
  'The token must have jti.': msg`The token must have jti.`,
};

/** Words that are not known here, such as those of a later version, are shown as they are. */
export const refusalInWords = (text: string): string =>
  Object.hasOwn(KNOWN, text) ? i18n._(KNOWN[text]!) : text;
