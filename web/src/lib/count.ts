/** The server counts sessions exactly up to here. */
const MAX_COUNTED = 10_000;

const counted = (amount: number, one: string, many: string): string =>
  `${amount.toLocaleString('en')} ${amount === 1 ? one : many}`;

export const people = (amount: number): string => counted(amount, 'person', 'people');

/** `1 session`, `44 sessions`, `10,000 or more sessions`. */
export const sessions = (amount: number): string =>
  amount < MAX_COUNTED ? counted(amount, 'session', 'sessions') : '10,000 or more sessions';

export const otherSessions = (amount: number): string => counted(amount, 'other session', 'other sessions');

export const newSignIns = (amount: number): string => counted(amount, 'new sign-in', 'new sign-ins');

/** `1 entry`, `44 entries`, `10,000 or more entries`: the server counts no further. */
export const entries = (amount: number): string =>
  amount < MAX_COUNTED ? counted(amount, 'entry', 'entries') : '10,000 or more entries';
