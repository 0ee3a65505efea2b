import { type RequestHeaders } from './request-token.ts';

/** The browser of a request, as `createSession` takes it. */
export interface Device {
  ipAddress: string | undefined;
  userAgent: string | undefined;
}

/** Of the Fetch API. */
interface FetchHeaders {
  get(name: string): string | null;
}

/**
 * Returns the browser that sent a request: `createSession({ externalId, ...deviceOf(request) })`. Its address is
 * `request.ip`, which Express, Fastify and NestJS find. A request of the Fetch API has none. `proxies`: how many proxies of
 * your own the request passed, where the framework does not know; the outermost of them wrote the address into
 * `X-Forwarded-For`. What stands before it, anyone can write.
 */
export function deviceOf(
  { headers, ip }: { headers: RequestHeaders | FetchHeaders; ip?: string | undefined },
  { proxies = 0 }: { proxies?: number | undefined } = {},
): Device {
  const read = (name: string): string | undefined => {
    const value = isFetchHeaders(headers) ? headers.get(name) : headers[name];
    return (Array.isArray(value) ? value.join() : value) || undefined;
  };
  return {
    ipAddress: proxies > 0 ? read('x-forwarded-for')?.split(',').at(-proxies)?.trim() || undefined : ip,
    userAgent: read('user-agent'),
  };
}

const isFetchHeaders = (headers: RequestHeaders | FetchHeaders): headers is FetchHeaders =>
  typeof headers.get === 'function';
