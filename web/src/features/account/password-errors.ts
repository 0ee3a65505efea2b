import { t } from '@lingui/core/macro';
import { newPasswordErrors } from '../../lib/new-password.ts';

export interface Passwords {
  current: string;
  next: string;
  repeat: string;
}

/** Errors by field; empty where the passwords may be sent. */
export type PasswordErrors = Partial<Record<keyof Passwords, string>>;

export function passwordErrors({ current, next, repeat }: Passwords, email: string): PasswordErrors {
  const { password, ...repeatError } = newPasswordErrors(next, repeat, email);
  return {
    ...(current === '' && { current: t`Enter your current password.` }),
    ...(password && { next: password }),
    ...repeatError,
  };
}
