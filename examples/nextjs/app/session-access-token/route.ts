import { curfew, getToken } from '../../curfew';

export const POST = async () => Response.json(await curfew().sessionAccessToken(await getToken()));
