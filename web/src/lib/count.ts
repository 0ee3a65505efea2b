import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';

/** The server counts sessions exactly up to here. */
const MAX_COUNTED = 10_000;

export const people = (amount: number): string => plural(amount, { one: '# person', other: '# people' });

/** `1 session`, `44 sessions`, `10,000 or more sessions`. */
export function sessions(amount: number): string {
  if (amount < MAX_COUNTED) return plural(amount, { one: '# session', other: '# sessions' });
  const most = i18n.number(MAX_COUNTED);
  return t`${most} or more sessions`;
}

export const newSignIns = (amount: number): string =>
  plural(amount, { one: '# new sign-in', other: '# new sign-ins' });

/** `1 entry`, `44 entries`, `10,000 or more entries`: the server counts no further. */
export function entries(amount: number): string {
  if (amount < MAX_COUNTED) return plural(amount, { one: '# entry', other: '# entries' });
  const most = i18n.number(MAX_COUNTED);
  return t`${most} or more entries`;
}
