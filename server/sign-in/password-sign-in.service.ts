import {
  createChangePassword,
  type ChangePassword,
  type ChangePasswordDependencies,
} from './change-password.ts';
import { createLogin, type Login, type LoginDependencies } from './login.ts';
import { createOpenPasswordLink, type OpenPasswordLink } from './open-password-link.ts';
import { createPasswordVerification } from './password-verification.ts';
import type { PasswordHasher } from './password-hashing.ts';
import {
  createReauthenticate,
  type Reauthenticate,
  type ReauthenticateDependencies,
} from './reauthenticate.ts';
import { createSetPassword, type SetPassword, type SetPasswordDependencies } from './set-password.ts';
import { createSignInSessions, type SignInSessionDependencies } from './sign-in-session.ts';
import type { Throttle } from './throttle.ts';

export interface PasswordSignInService {
  login: Login;
  openPasswordLink: OpenPasswordLink;
  setPassword: SetPassword;
  changePassword: ChangePassword;
  reauthenticate: Reauthenticate;
}

type Provided<Dependencies> = Omit<Dependencies, 'sessions' | 'verification'>;

/** Everything that a password signs in or changes, with one throttle and one queue for its checks. */
export function createPasswordSignInService(
  given: Provided<LoginDependencies> &
    Provided<SetPasswordDependencies> &
    Provided<ChangePasswordDependencies> &
    Provided<ReauthenticateDependencies> &
    SignInSessionDependencies & { passwords: PasswordHasher; throttle: Throttle },
): PasswordSignInService {
  const dependencies = {
    ...given,
    sessions: createSignInSessions(given),
    verification: createPasswordVerification(given),
  };
  return {
    login: createLogin(dependencies),
    openPasswordLink: createOpenPasswordLink(dependencies),
    setPassword: createSetPassword(dependencies),
    changePassword: createChangePassword(dependencies),
    reauthenticate: createReauthenticate(dependencies),
  };
}
