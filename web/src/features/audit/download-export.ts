export type ExportFormat = 'csv' | 'jsonl';

export interface WantedExport {
  format: ExportFormat;
  /** RFC 3339. Null: no bound. */
  from: string | null;
  to: string | null;
}

interface Access {
  getAccessToken(options?: { refused: string }): Promise<string>;
  /** Asks the user to confirm that it is them. Rejects when they do not. */
  confirm(): Promise<void>;
}

/**
 * Saves the audit trail as a file and returns its name. The access token goes in a header, so no address holds it. Rejects
 * when the file could not be loaded whole, and as `confirm` does.
 */
export async function downloadExport(
  { format, from, to }: WantedExport,
  { getAccessToken, confirm }: Access,
): Promise<string> {
  const query = new URLSearchParams({ format, ...(from !== null && { from }), ...(to !== null && { to }) });
  const request = (token: string) =>
    fetch(`/export/audit?${query}`, { headers: { authorization: `Bearer ${token}` } });
  /** With another token where the first one was refused: it may have expired on the way. */
  async function requestTwice(): Promise<Response> {
    const token = await getAccessToken();
    const response = await request(token);
    if (response.status !== 401 || needsConfirmation(response)) return response;
    return request(await getAccessToken({ refused: token }));
  }

  let response = await requestTwice();
  if (needsConfirmation(response)) {
    await confirm();
    response = await requestTwice();
  }
  if (!response.ok) throw new Error(`The export was answered with ${response.status}.`);
  const file = await response.blob();
  const fileName = nameOf(response) ?? `curfew-audit.${format}`;
  save(file, fileName);
  return fileName;
}

/** The sign-in is too long ago (RFC 9470, section 3). */
const needsConfirmation = ({ status, headers }: Response): boolean =>
  status === 401 && /error="insufficient_user_authentication"/.test(headers.get('www-authenticate') ?? '');

const nameOf = (response: Response): string | null =>
  /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? null;

function save(file: Blob, fileName: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // After the browser has taken the file over.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
