import { RefusedError } from '../core/errors.ts';
import { type Occurrence } from '../core/events.ts';
import { type AuthenticationCheck } from './authentication-check.ts';
import { type ExclusiveTask } from './exclusive-task.ts';
import { type Credentials, type TokenSource } from './token-source.ts';
import { type UnansweredAuthentications } from './unanswered-authentication.ts';

/** Authenticates the user again, one tab at a time and never beside a refresh. */
export interface Reauthentication {
  /** Keeps the credentials of a call, in memory only, until it is released. */
  hold(call: number, credentials: Credentials): void;
  release(call: number): void;
  start(request: { id: number; call: number; token: string }): void;
  /** Stops waiting for other tabs. */
  drop(): void;
}

export function createReauthentication(dependencies: {
  source: TokenSource;
  exclusively: ExclusiveTask;
  unanswered: UnansweredAuthentications;
  check: Pick<AuthenticationCheck, 'known'>;
  dispatch(occurrence: Occurrence): void;
}): Reauthentication {
  const { source, exclusively, unanswered, check, dispatch } = dependencies;
  const held = new Map<number, Credentials>();
  let current = new AbortController();

  async function send(id: number, credentials: Credentials, accessToken: string): Promise<void> {
    const before = check.known();
    const request = source.isRotating && before ? unanswered.begin(before) : null;
    try {
      const answer = await source.reauthenticate(credentials, { accessToken, requestId: request?.requestId });
      unanswered.forget(request?.requestId);
      const { data, sentAt, receivedAt } = answer;
      dispatch({ type: 'reauthenticated', id, tokens: data, sentAt, receivedAt });
    } catch (error) {
      if (request && isAnswerTo(request, error)) unanswered.forget(request.requestId);
      dispatch({ type: 'reauthentication-failed', id, error });
    }
  }

  return {
    hold: (call, credentials) => void held.set(call, credentials),
    release: (call) => void held.delete(call),
    start({ id, call, token }) {
      current = new AbortController();
      const { signal } = current;
      void exclusively(signal, async () => {
        const credentials = held.get(call);
        if (!signal.aborted && credentials) await send(id, credentials, token);
      });
    },
    drop: () => current.abort(),
  };
}

/** Refusals that Curfew decides on before it looks for the request of before. */
const BEFORE_THE_REQUEST = new Set([
  'INVALID_CREDENTIALS',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
  'BAD_USER_INPUT',
]);

/** Whether nothing of the request is left to be repeated: a refused repeat may follow one that was carried out. */
const isAnswerTo = ({ isRepeat }: { isRepeat: boolean }, error: unknown): boolean =>
  error instanceof RefusedError && !(isRepeat && BEFORE_THE_REQUEST.has(error.code));
