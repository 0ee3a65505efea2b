export interface InvitationLink {
  email: string;
  name: string;
  url: string;
  /** Whether the link is also on its way by mail. */
  sentByMail: boolean;
}

/** A spreadsheet takes a cell that starts so for a formula, and a name may come from anywhere. */
const FORMULA_START = /^[=+\-@\t\r]/;

const cell = (text: string): string => {
  const safe = FORMULA_START.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
};

/** Links as a CSV file (RFC 4180) that spreadsheets open as UTF-8. */
export const linksAsCsv = (header: readonly string[], links: readonly InvitationLink[]): string =>
  '\ufeff' +
  [header, ...links.map(({ email, name, url }) => [email, name, url])]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');

/** Links as text to paste into a message or a sheet. */
export const linksAsText = (links: readonly InvitationLink[]): string =>
  links.map(({ email, name, url }) => `${name}\t${email}\t${url}`).join('\n');
