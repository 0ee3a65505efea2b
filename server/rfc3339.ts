const RFC_3339 =
  /^(\d{4}-\d\d-\d\d)[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?)([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
/** The range in UTC of times that can be serialised again. */
const FIRST_YEAR_STARTS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_YEAR_ENDS = Date.parse('9999-12-31T23:59:59.999Z');
/** Far more than any precision needs. */
const MAX_LENGTH = 64;

/**
 * Parses an RFC 3339 date-time (section 5.6), rounded down to the millisecond. Null for any other text. Requires an
 * offset. Refuses days that the month does not have, leap seconds and years after 9999.
 */
export function readRfc3339(text: string): Date | null {
  if (text.length > MAX_LENGTH) return null;
  const [, day = '', time = '', zone = ''] = RFC_3339.exec(text) ?? [];
  // JavaScript reads 31 February as a day in March.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return null;
  const moment = new Date(`${day}T${time}${zone.toUpperCase()}`);
  const milliseconds = moment.getTime();
  return milliseconds >= FIRST_YEAR_STARTS && milliseconds <= LAST_YEAR_ENDS ? moment : null;
}
