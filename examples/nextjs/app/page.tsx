import type {} from '@curfew/client/react'; // the types of <curfew-notice>
import { redirect } from 'next/navigation';
import { currentUser } from '../current-user';

export default async function HomePage() {
  const user = await currentUser();
  if (!user) redirect('/sign-in');
  return (
    <>
      <script async type="module" src={`${process.env.CURFEW_URL}/notice.js`} />
      <curfew-notice
        token-url="/session-access-token"
        reauthentication-url="/reauthenticate"
        sign-out-url="/sign-out"
        sign-in-url="/sign-in"
      />
      <h1>Hello, {user.name}</h1>
      <label>
        Notes <textarea />
      </label>
      <form method="post" action="/sign-out">
        <button>Sign out</button>
      </form>
    </>
  );
}
