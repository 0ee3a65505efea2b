import { errorCodes, type FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { Transform, type Readable } from 'node:stream';

export const BODY_LIMIT_BYTES = 100 * 1024;
/** For a trusted back end, which asks about a thousand sessions in one request. */
export const SERVICE_BODY_LIMIT_BYTES = 1024 * 1024;

/** The length in bytes that the request declares for its body. Infinity: none declared (chunked). */
export const declaredLength = ({ headers }: FastifyRequest): number =>
  Number(headers['content-length'] ?? (headers['transfer-encoding'] === undefined ? 0 : Infinity));

export const bodyTooLarge = (): Error => new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();

/** Passes on at most 100 KB of a body without a declared length. The rest, after the response, is discarded. */
export function limitBody(payload: Readable, response: ServerResponse): Readable {
  let received = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      received += chunk.length;
      if (received > BODY_LIMIT_BYTES) done(bodyTooLarge());
      else done(null, chunk);
    },
  });
  // Fastify listens only while it reads. Without this listener an error before or after would end the process.
  counted.on('error', () => {});
  payload.once('error', (error) => counted.destroy(error));
  response.once('finish', () => payload.unpipe(counted).resume());
  return payload.pipe(counted);
}
