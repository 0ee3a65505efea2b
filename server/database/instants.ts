/** The moments that RFC 3339 can write. */
const FIRST = Date.parse('0000-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads a timestamp as both database drivers return it. Rows of earlier versions and of operators may hold moments that
 * no answer can show: `infinity`, and years after 9999 or before Christ become the nearest one, so that such a row does
 * not make a whole list fail.
 */
export function instant(text: string): Date {
  const moment = new Date(text);
  const milliseconds = moment.getTime();
  if (milliseconds >= FIRST && milliseconds <= LAST) return moment;
  return new Date(text.startsWith('-') || text.endsWith('BC') || milliseconds < FIRST ? FIRST : LAST);
}

/** Writes a moment as RFC 3339. One that cannot be written is shown as the last that can. */
export function toRfc3339(moment: Date): string {
  const milliseconds = moment.getTime();
  if (milliseconds < FIRST) return new Date(FIRST).toISOString();
  return new Date(milliseconds <= LAST ? milliseconds : LAST).toISOString();
}
