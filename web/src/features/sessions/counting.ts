/** The server counts sessions exactly up to here. */
const MOST_COUNTED = 10_000;

const counted = (amount: number, one: string, many: string): string =>
  `${amount.toLocaleString('en')} ${amount === 1 ? one : many}`;

export const people = (amount: number): string => counted(amount, 'person', 'people');

/** `1 session`, `44 sessions`, `10,000 or more sessions`. */
export const sessions = (amount: number): string =>
  amount < MOST_COUNTED ? counted(amount, 'session', 'sessions') : '10,000 or more sessions';

export const newSignIns = (amount: number): string => counted(amount, 'new sign-in', 'new sign-ins');
