import { connectCurfew, tokenOfCookie } from '@curfew/client/server';
import { type Request } from 'express';

const { CURFEW_URL: url = '', CURFEW_SERVICE_KEY: serviceKey = '', NODE_ENV } = process.env;
export const curfewProvider = { provide: 'CURFEW', useFactory: () => connectCurfew({ url, serviceKey }) };

export const options = { httpOnly: true, sameSite: 'strict', secure: NODE_ENV === 'production' } as const;
export const tokenOf = ({ headers }: Request) => tokenOfCookie(headers, 'app_session');
