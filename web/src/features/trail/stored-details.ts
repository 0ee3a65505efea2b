/** Details of an entry, as the server stores them. */
export type Details = Record<string, unknown>;

export const recordOf = (value: unknown): Details => (value ?? {}) as Details;

export function numberOf(record: Details, field: string): number | null {
  const value = record[field];
  return typeof value === 'number' ? value : null;
}
