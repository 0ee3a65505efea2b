/** There is no live session. `why.ts` has the text for `reason`. */
export class SignedOutError extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`Signed out: ${reason}`);
    this.reason = reason;
  }
}

/** A refusal for another reason, with a code of this application's API. */
export class ApiError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Calls the application's back end. `isBackground`: not requested by the user, so not activity. */
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
