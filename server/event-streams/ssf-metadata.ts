/** The delivery methods of SSF (RFC 8935 and RFC 8936), as its metadata and streams name them. */
export const PUSH_METHOD = 'urn:ietf:rfc:8935';
export const POLL_METHOD = 'urn:ietf:rfc:8936';

/** Where the transmitter's configuration lies, without the path of the issuer, which follows (SSF 1.0, section 7.2). */
export const SSF_CONFIGURATION_PATH = '/.well-known/ssf-configuration';

/** Below the issuer. */
export const SSF_PATHS = {
  streams: '/ssf/streams',
  status: '/ssf/status',
  verify: '/ssf/verify',
} as const;

/** Where a receiver polls the events of a stream (RFC 8936). */
export const pollUrlOf = (issuer: string, streamId: string): string =>
  `${issuer}${SSF_PATHS.streams}/${streamId}/poll`;

/**
 * The transmitter's configuration metadata (SSF 1.0, section 7.1). No endpoints for subjects: a stream has the events of
 * every user of its account, which `default_subjects` says. @param issuer the public URL, the `iss` of every token
 */
export const ssfMetadata = (issuer: string) => ({
  spec_version: '1_0',
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  delivery_methods_supported: [PUSH_METHOD, POLL_METHOD],
  configuration_endpoint: `${issuer}${SSF_PATHS.streams}`,
  status_endpoint: `${issuer}${SSF_PATHS.status}`,
  verification_endpoint: `${issuer}${SSF_PATHS.verify}`,
  // A service key as a bearer token.
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6750' }],
  default_subjects: 'ALL',
});
