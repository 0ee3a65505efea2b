import { signIn } from './actions';

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { wrong } = await searchParams;
  return (
    <form action={signIn}>
      <h1>Sign in</h1>
      {wrong !== undefined && <p role="alert">Wrong e-mail or password.</p>}
      <label>
        E-mail <input name="email" type="email" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button>Sign in</button>
    </form>
  );
}
