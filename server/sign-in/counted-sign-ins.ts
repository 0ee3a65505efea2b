import { AppError } from '../errors.ts';
import type { Metrics, SignInMethod, SignInOutcome } from '../metrics/metrics.ts';
import type { OidcSignInService } from './oidc/oidc-sign-in.service.ts';
import type { PasswordSignInService } from './password-sign-in.service.ts';

interface SignInServices {
  signIn: PasswordSignInService;
  oidc: OidcSignInService;
}

/** Counts each attempt to sign in, or to authenticate again, once, by how it ended. */
export function countSignIns({ signIn, oidc }: SignInServices, metrics: Metrics): SignInServices {
  async function counted<T>(
    method: SignInMethod,
    attempt: Promise<T>,
    outcomeOf: (result: T) => SignInOutcome = () => 'succeeded',
  ): Promise<T> {
    try {
      const result = await attempt;
      metrics.signIn(method, outcomeOf(result));
      return result;
    } catch (error) {
      metrics.signIn(method, failureOf(error));
      throw error;
    }
  }

  return {
    signIn: {
      ...signIn,
      login: (input, client) => counted('password', signIn.login(input, client)),
      async reauthenticate(caller, input, client) {
        const attempt = signIn.reauthenticate(caller, input, client);
        // A refusal for the caller or their refresh token, before the password was judged, is no failed attempt.
        const isRefusedBefore = await attempt.then(() => false, isOfToken);
        return isRefusedBefore ? attempt : counted('password', attempt);
      },
      setPassword: (input, client) => counted('password_link', signIn.setPassword(input, client)),
    },
    oidc: {
      ...oidc,
      complete: (given, client) =>
        counted('oauth', oidc.complete(given, client), ({ kind }) =>
          kind === 'reauthentication required' ? 'refused' : 'succeeded',
        ),
    },
  };
}

const isOfToken = (error: unknown): boolean => error instanceof AppError && !OF_CREDENTIALS.has(error.code);

const OF_CREDENTIALS: ReadonlySet<string> = new Set(['INVALID_CREDENTIALS', 'RATE_LIMITED', 'UNAVAILABLE']);

function failureOf(error: unknown): SignInOutcome {
  if (!(error instanceof AppError)) return 'failed';
  if (error.code === 'RATE_LIMITED') return 'throttled';
  return error.code === 'UNAVAILABLE' ? 'unavailable' : 'refused';
}
