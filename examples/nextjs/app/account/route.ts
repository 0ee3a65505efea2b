import { currentUser } from '../../current-user';

export const GET = async () => Response.json({ name: (await currentUser())?.name });
