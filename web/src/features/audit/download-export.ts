export type ExportFormat = 'csv' | 'jsonl';

export interface WantedExport {
  format: ExportFormat;
  /** RFC 3339. Null: no bound. */
  from: string | null;
  to: string | null;
}

type GetAccessToken = (options?: { refused: string }) => Promise<string>;

/**
 * Saves the audit trail as a file and returns its name. The access token goes in a header, so no address holds it. Rejects
 * when the file could not be loaded whole.
 */
export async function downloadExport(
  { format, from, to }: WantedExport,
  getAccessToken: GetAccessToken,
): Promise<string> {
  const query = new URLSearchParams({ format, ...(from !== null && { from }), ...(to !== null && { to }) });
  const request = (token: string) =>
    fetch(`/export/audit?${query}`, { headers: { authorization: `Bearer ${token}` } });
  const token = await getAccessToken();
  let response = await request(token);
  // It may have expired on the way.
  if (response.status === 401) response = await request(await getAccessToken({ refused: token }));
  if (!response.ok) throw new Error(`The export was answered with ${response.status}.`);
  const file = await response.blob();
  const fileName = nameOf(response) ?? `curfew-audit.${format}`;
  save(file, fileName);
  return fileName;
}

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
