/** The audit trail between two moments, or the policy with its versions and verdicts. */
export type WantedExport =
  | {
      of: 'audit';
      format: 'csv' | 'jsonl';
      /** RFC 3339. Null: no bound. */
      from: string | null;
      to: string | null;
    }
  | { of: 'policy'; format: 'csv' | 'json' };

interface Access {
  getAccessToken(options?: { refused: string }): Promise<string>;
  /** Asks the user to confirm that it is them. Rejects when they do not. */
  confirm(): Promise<void>;
}

/**
 * Saves an export as a file and returns its name. The access token goes in a header, so no address holds it. Rejects
 * when the file could not be loaded whole, and as `confirm` does.
 */
export async function downloadExport(
  wanted: WantedExport,
  { getAccessToken, confirm }: Access,
): Promise<string> {
  const address = addressOf(wanted);
  const request = (token: string) => fetch(address, { headers: { authorization: `Bearer ${token}` } });
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
  const fileName = nameOf(response) ?? `curfew-${wanted.of}.${wanted.format}`;
  save(file, fileName);
  return fileName;
}

function addressOf(wanted: WantedExport): string {
  const query = new URLSearchParams({ format: wanted.format });
  if (wanted.of === 'audit') {
    if (wanted.from !== null) query.set('from', wanted.from);
    if (wanted.to !== null) query.set('to', wanted.to);
  }
  return `/export/${wanted.of}?${query}`;
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
