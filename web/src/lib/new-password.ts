const SHORTEST = 12;
const LONGEST = 128;

/** What is wrong with a new password; null: nothing. Spares a round trip; the server decides, and counts in the same way. */
export function faultOfNewPassword(password: string, email?: string): string | null {
  const normal = password.normalize('NFKC');
  const { length } = [...normal];
  if (length === 0) return 'Enter a new password.';
  if (length < SHORTEST) {
    return `This has ${length === 1 ? '1 character' : `${length} characters`}; at least ${SHORTEST} are needed.`;
  }
  if (length > LONGEST) return `This has ${length} characters; at most ${LONGEST} are possible.`;
  if (normal.toLowerCase() === email?.toLowerCase())
    return 'Your e-mail is the first thing somebody would try.';
  return null;
}
