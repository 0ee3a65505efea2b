import { connectCurfew, deviceOf, type Curfew } from '@curfew/client/server';
import { cookies, headers } from 'next/headers';

const { CURFEW_URL: url = '', CURFEW_SERVICE_KEY: serviceKey = '', NODE_ENV, PROXIES = '0' } = process.env;
const options = { httpOnly: true, sameSite: 'lax', secure: NODE_ENV === 'production' } as const;

// Connects at the first request, so not during the build, and once for the proxy, the pages and the routes.
const shared = globalThis as { curfew?: Curfew };
export const curfew = () => (shared.curfew ??= connectCurfew({ url, serviceKey }));

export const getToken = async () => (await cookies()).get('app_session')?.value;
export const setToken = async (token: string) => (await cookies()).set('app_session', token, options);

// Next.js knows no address but the one that a proxy of yours writes.
export const getDevice = async () => deviceOf({ headers: await headers() }, { proxies: Number(PROXIES) });
