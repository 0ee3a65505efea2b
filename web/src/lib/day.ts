/** The first moment of a day on this computer's clock. Null: there is no such day. */
export const startOf = (day: string): Date | null => momentOf(day, 0);

/** The first moment after a day: days of summer time changes have 23 or 25 hours. */
export const endOf = (day: string): Date | null => momentOf(day, 1);

function momentOf(day: string, daysLater: number): Date | null {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const midnight = new Date(year, month - 1, date);
  if (midnight.getMonth() !== month - 1 || midnight.getFullYear() !== year) return null;
  return daysLater === 0 ? midnight : new Date(year, month - 1, date + daysLater);
}

/** A stretch of whole days as RFC 3339: from the first moment of the one to the first after the other. Null: no bound. */
export const momentsOf = ({ from, to }: { from: string | null; to: string | null }) => ({
  from: from === null ? null : (startOf(from)?.toISOString() ?? null),
  to: to === null ? null : (endOf(to)?.toISOString() ?? null),
});
