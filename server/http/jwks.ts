import type { FastifyInstance } from 'fastify';
import { toJwks } from '../tokens/jwks.ts';
import type { AccessKey } from '../tokens/signing-keys.ts';

/**
 * `GET /.well-known/jwks.json`: the public keys with which other APIs verify access tokens, and after them those of security
 * event tokens (RFC 7517). Answers without a database, too.
 */
export function serveJwks(
  app: FastifyInstance,
  {
    accessKeys,
    readEventKeys,
  }: {
    accessKeys: readonly AccessKey[];
    /** Never fails. */
    readEventKeys: () => Promise<readonly object[]>;
  },
): void {
  const { keys } = toJwks(accessKeys);
  app.get('/.well-known/jwks.json', async (_, reply) =>
    reply
      .header('cache-control', 'public, max-age=300')
      .send({ keys: [...keys, ...(await readEventKeys())] }),
  );
}
