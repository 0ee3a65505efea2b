import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

const HSTS_MAX_AGE_SECONDS = 31_536_000;

export interface SecurityHeaderOptions {
  cookieSecure: boolean;
  /** Whether HSTS covers every subdomain. */
  hstsIncludeSubDomains: boolean;
}

const helmetOptions = (options: SecurityHeaderOptions): HelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    // The last three do not fall back to default-src.
    directives: {
      'default-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  // Never over plain http: a developer's browser would then refuse to open http://localhost.
  strictTransportSecurity: options.cookieSecure && {
    maxAge: HSTS_MAX_AGE_SECONDS,
    includeSubDomains: options.hstsIncludeSubDomains,
  },
  crossOriginResourcePolicy: { policy: 'cross-origin' },
});

/**
 * Adds helmet's headers and `no-store` to every response; a route may override them. They do not depend on the request,
 * so helmet runs once: setting a dozen headers for each response took a twentieth of a whole check.
 */
export async function addSecurityHeaders(
  app: FastifyInstance,
  options: SecurityHeaderOptions,
): Promise<void> {
  const headers = { ...(await headersOf(helmetOptions(options))), 'cache-control': 'no-store' };
  app.addHook('onRequest', (_, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/** The headers that helmet sets on a response. */
function headersOf(options: HelmetOptions): Promise<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  return new Promise((resolve, reject) =>
    helmet(options)(request, response, (error) =>
      error ? reject(error as Error) : resolve(response.getHeaders() as Record<string, string>),
    ),
  );
}
