/** The session is over, or never was; `reason` is what `why.ts` has words for. */
export class SignedOutError extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`Signed out: ${reason}`);
    this.reason = reason;
  }
}

/** A refusal that is not about the session, with the code of our own API. */
export class ApiError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Calls our own back end; `isBackground`: nobody asked for it, so it is no activity. */
export async function call<T = unknown>(
  method: string,
  path: string,
  options: { body?: unknown; isBackground?: boolean; signal?: AbortSignal } = {},
): Promise<T> {
  const { body, isBackground = false, signal } = options;
  const response = await fetch(path, {
    method,
    signal,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(isBackground ? { 'x-background': '1' } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 204) return undefined as T;
  const answer = await response.json();
  if (response.ok) return answer;
  if (response.status === 401 && answer.error !== 'wrong_password') throw new SignedOutError(answer.reason);
  throw new ApiError(answer.error);
}
