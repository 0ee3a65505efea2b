import { curfew, getToken, setToken } from '../../curfew';
import { currentUser } from '../../current-user';
import { checkPassword } from '../../users';

export async function POST(request: Request) {
  const email = (await currentUser())?.email;
  const user = await checkPassword({ ...(await request.json()), email });
  if (!user) return new Response(null, { status: 401 });
  const { sessionToken } = await curfew().reauthenticateSession((await getToken())!);
  await setToken(sessionToken);
  return Response.json(await curfew().sessionAccessToken(sessionToken));
}
