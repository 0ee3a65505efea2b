/**
 * Returns what says in the console, once, what the author of a page has to mend. The page asks again and again, and shows
 * nothing that would tell why it gets no session.
 */
export function createComplaints(): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    // eslint-disable-next-line no-console
    console.error(`Curfew: ${message}`);
  };
}
