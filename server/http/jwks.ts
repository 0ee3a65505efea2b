import type { FastifyInstance } from 'fastify';
import { toJwks } from '../tokens/jwks.ts';
import type { AccessKey } from '../tokens/signing-keys.ts';

/** `GET /.well-known/jwks.json`: the public keys with which other APIs verify access tokens (RFC 7517). */
export function serveJwks(app: FastifyInstance, keys: readonly AccessKey[]): void {
  const jwks = toJwks(keys);
  app.get('/.well-known/jwks.json', (_, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(jwks),
  );
}
