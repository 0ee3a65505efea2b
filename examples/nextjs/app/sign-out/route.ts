import { cookies } from 'next/headers';
import { curfew, getToken } from '../../curfew';

export async function POST() {
  const token = await getToken();
  await curfew().endSession(token);
  if (token) (await cookies()).delete('app_session');
  return new Response(null, { status: 303, headers: { location: '/sign-in' } });
}
