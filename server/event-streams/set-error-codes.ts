/** With which a receiver says why it does not take a token: RFC 8935, section 2.4, and SSF 1.0. */
export const SET_ERROR_CODES: readonly string[] = [
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'authentication_failed',
  'access_denied',
  'invalid_state',
];
