export type SetPasswordOutcome =
  | { kind: 'done'; email: string }
  /** The link has been used, replaced or has expired: only a new one helps. */
  | { kind: 'link-over' }
  /** The server wants another password; its own sentence says why. */
  | { kind: 'password-refused'; message: string }
  | { kind: 'too-many'; retryAfterSeconds: number | null }
  /** Nothing changed, or nobody knows: the same link can be tried again. */
  | { kind: 'no-answer' }
  | { kind: 'failed'; message: string };

interface Answer {
  data?: { setPassword: { user: { email: string } } | null } | null;
  errors?: { message: string; extensions?: { code?: string; field?: string; retryAfterSeconds?: number } }[];
}

// The access token is not asked for: this page has no use for it, and the cookie holds the session.
const document = /* GraphQL */ `
  mutation SetPassword($input: SetPasswordInput!) {
    setPassword(input: $input) {
      user {
        email
      }
    }
  }
`;

export async function setPassword(token: string, newPassword: string): Promise<SetPasswordOutcome> {
  let answer: Answer;
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        query: document,
        variables: { input: { token, newPassword, transport: 'COOKIE' } },
      }),
    });
    answer = (await response.json()) as Answer;
  } catch {
    return { kind: 'no-answer' };
  }
  const done = answer.data?.setPassword;
  return done ? { kind: 'done', email: done.user.email } : refusal(answer);
}

function refusal(answer: Answer): SetPasswordOutcome {
  const error = answer.errors?.[0];
  switch (error?.extensions?.code) {
    case 'INVALID_CREDENTIALS':
      return { kind: 'link-over' };
    case 'BAD_USER_INPUT':
      // A mangled link is bad input too, and no password would help it.
      return error.extensions.field === 'token'
        ? { kind: 'link-over' }
        : { kind: 'password-refused', message: error.message };
    case 'RATE_LIMITED':
      return { kind: 'too-many', retryAfterSeconds: error.extensions.retryAfterSeconds ?? null };
    case 'UNAVAILABLE':
      return { kind: 'no-answer' };
    default:
      return {
        kind: 'failed',
        message: error?.message ?? 'The server gave an answer this page cannot read.',
      };
  }
}
