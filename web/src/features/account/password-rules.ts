import { faultOfNewPassword } from '../../lib/new-password.ts';

export interface Passwords {
  current: string;
  next: string;
  repeat: string;
}

/** What is wrong with a field; nothing: they may be sent. */
export type PasswordFaults = Partial<Record<keyof Passwords, string>>;

export function faultsOf({ current, next, repeat }: Passwords, email: string): PasswordFaults {
  const faults: PasswordFaults = {};
  if (current === '') faults.current = 'Enter the password you have now.';
  const fault = faultOfNewPassword(next, email);
  if (fault) faults.next = fault;
  else if (repeat !== next) faults.repeat = 'The two passwords differ.';
  return faults;
}
