/** A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); some read the wide forms, too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** The text of a cell of a CSV file. It never begins like a formula. */
export function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return FORMULA.test(text) ? `'${text}` : text;
}
