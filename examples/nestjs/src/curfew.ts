import { connectCurfew, tokenOfCookie, type RequestHeaders } from '@curfew/client/server';

const { CURFEW_URL: url = '', CURFEW_SERVICE_KEY: serviceKey = '', NODE_ENV } = process.env;
export const curfewProvider = { provide: 'CURFEW', useFactory: () => connectCurfew({ url, serviceKey }) };

export const options = { httpOnly: true, sameSite: 'strict', secure: NODE_ENV === 'production' } as const;
export const tokenOf = ({ headers }: { headers: RequestHeaders }) => tokenOfCookie(headers, 'app_session');
