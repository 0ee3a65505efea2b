import { faultOfNewPassword } from '../../lib/new-password.ts';

/** What the two fields have wrong; nothing: the password may be sent. */
export interface PasswordPairFaults {
  password?: string;
  repeat?: string;
}

/** Whose link it is only the server knows: that the password is not their e-mail is left to it. */
export function faultsOfPair(password: string, repeat: string): PasswordPairFaults {
  const fault = faultOfNewPassword(password);
  if (fault) return { password: fault };
  return repeat === password ? {} : { repeat: 'The two passwords differ.' };
}
