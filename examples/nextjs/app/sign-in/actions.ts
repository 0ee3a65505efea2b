'use server';

import { redirect } from 'next/navigation';
import { curfew, getDevice, setToken } from '../../curfew';
import { checkPassword } from '../../users';

export async function signIn(form: FormData): Promise<void> {
  const user = await checkPassword(Object.fromEntries(form));
  if (!user) redirect('/sign-in?wrong');
  const person = { externalId: user.id, email: user.email, name: user.name };
  const { sessionToken } = await curfew().createSession({ ...person, ...(await getDevice()) });
  await setToken(sessionToken);
  redirect('/');
}
