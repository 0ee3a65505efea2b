import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small transmitter, for tests that need a good token of each kind and nothing else. */
export interface Issuer {
  readonly issuer: string;
  /** A verification event. */
  securityEvent(audience: string, now: Date): Promise<string>;
  revocationToken(audience: string, now: Date): Promise<string>;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one' }];
  const server = createServer(({ url }, response) => {
    const isMetadata = url === '/.well-known/ssf-configuration';
    response.setHeader('connection', 'close');
    response.end(JSON.stringify(isMetadata ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sign = (typ: string, audience: string, now: Date, claims: Record<string, unknown>): Promise<string> =>
    new SignJWT({ iss: issuer, aud: audience, jti: randomUUID(), iat: Math.floor(+now / 1000), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one', typ })
      .sign(privateKey);
  return {
    issuer,
    securityEvent: (audience, now) =>
      sign('secevent+jwt', audience, now, {
        sub_id: { format: 'opaque', id: 'stream' },
        events: { 'https://schemas.openid.net/secevent/ssf/event-type/verification': {} },
      }),
    revocationToken: (audience, now) =>
      sign('global-token-revocation+jwt', audience, now, { exp: Math.floor(+now / 1000) + 300 }),
    close: () => new Promise((done) => server.close(() => done())),
  };
}
