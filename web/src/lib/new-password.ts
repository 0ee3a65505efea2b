import { t } from '@lingui/core/macro';

const MIN_LENGTH = 15;
const MAX_LENGTH = 128;

/** Errors of the two new-password fields; empty where the password may be sent. */
export interface NewPasswordErrors {
  password?: string;
  repeat?: string;
}

/**
 * Checks a new password and its repetition before they are sent. The server decides: it counts characters in the same
 * way and also rejects common passwords. Without an `email`, only the server compares the password with it.
 */
export function newPasswordErrors(password: string, repeat: string, email?: string): NewPasswordErrors {
  const error = passwordError(password, email);
  if (error) return { password: error };
  return repeat === password ? {} : { repeat: t`The passwords don’t match.` };
}

function passwordError(password: string, email?: string): string | null {
  const normal = password.normalize('NFKC');
  const { length } = [...normal];
  if (length === 0) return t`Enter a new password.`;
  if (length < MIN_LENGTH) return t`Use at least ${MIN_LENGTH} characters (you have ${length}).`;
  if (length > MAX_LENGTH) return t`Use at most ${MAX_LENGTH} characters (you have ${length}).`;
  if (normal.toLowerCase() === email?.toLowerCase())
    return t`Don’t use your e-mail address as your password.`;
  return null;
}
