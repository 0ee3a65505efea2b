/** The text of a configuration fault. Never repeats the value: a secret in the wrong variable must not reach a log. */
export const fault = (problem: string, expected: string): string => `${problem}; expected ${expected}`;
