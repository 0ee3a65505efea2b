import { type SessionWatcher, SessionOverError } from '@curfew/client';

/** Why the user has to confirm that it is them. */
export type ConfirmationReason =
  /** The absolute limit is near, and confirming moves it. */
  | { kind: 'deadline' }
  /** Something sensitive was asked for, and the last sign-in is too long ago. `since` in milliseconds by the server's clock. */
  | { kind: 'change' | 'export'; since: number };

export interface ConfirmationRequest {
  readonly reason: ConfirmationReason;
  /** The user did nothing for it: the dialog opened on its own, maybe while they typed. */
  readonly isUnasked: boolean;
}

/** The user did not confirm, so nothing was done. The dialog has said so. */
export class NotConfirmedError extends Error {
  constructor() {
    super('The user did not confirm that it is them.');
    this.name = 'NotConfirmedError';
  }
}

/** Asks the user to confirm that it is them. At most one dialog is open: several callers share it. */
export interface IdentityConfirmation {
  /**
   * Resolves once the user has confirmed. With a deadline, also when the deadline has moved otherwise, such as in another
   * tab. @throws NotConfirmedError, SessionOverError
   */
  ask(reason: ConfirmationReason, options?: { isUnasked?: boolean }): Promise<void>;
  /** Null: nothing is asked. */
  getRequest(): ConfirmationRequest | null;
  subscribe(listener: () => void): () => void;
  /** For the dialog: the server has agreed. */
  confirm(): void;
  /** For the dialog: the user has closed it. */
  cancel(): void;
  /** For the dialog: whether there is something in its field. */
  noteTyping(isTyping: boolean): void;
  /** Whether the session ended while the user was typing into the dialog. */
  wasInterrupted(): boolean;
}

interface Open extends ConfirmationRequest {
  /** The deadline when it was asked. */
  readonly absoluteExpiresAt: number;
  readonly answers: readonly PromiseWithResolvers<void>[];
}

export function createIdentityConfirmation(
  watcher: Pick<SessionWatcher, 'getState' | 'subscribe'>,
): IdentityConfirmation {
  const listeners = new Set<() => void>();
  let open: Open | null = null;
  let isTyping = false;
  let isInterrupted = false;

  function show(next: Open | null): void {
    open = next;
    listeners.forEach((listener) => listener());
  }

  function close(settle: (answer: PromiseWithResolvers<void>) => void): void {
    if (!open) return;
    const { answers } = open;
    isTyping = false;
    show(null);
    answers.forEach(settle);
  }

  const absoluteDeadline = (): number => watcher.getState().session?.absoluteExpiresAt ?? 0;

  /** The refusal was on its way while the user confirmed for another request. */
  const isConfirmedSince = (reason: ConfirmationReason): boolean =>
    reason.kind !== 'deadline' && (watcher.getState().session?.authenticatedAt ?? 0) > reason.since;

  watcher.subscribe(() => {
    if (!open) return;
    const { status, ending } = watcher.getState();
    if (status === 'over' || status === 'none') {
      isInterrupted = isTyping;
      close(({ reject }) => reject(new SessionOverError(ending)));
    } else if (open.reason.kind === 'deadline' && absoluteDeadline() > open.absoluteExpiresAt) {
      close(({ resolve }) => resolve());
    }
  });

  return {
    ask(reason, { isUnasked = false } = {}) {
      if (isConfirmedSince(reason)) return Promise.resolve();
      const answer = Promise.withResolvers<void>();
      isInterrupted = false;
      show({
        // What was asked for first stays, but a deadline is the lesser reason.
        reason: open && open.reason.kind !== 'deadline' ? open.reason : reason,
        isUnasked: open ? open.isUnasked : isUnasked,
        absoluteExpiresAt: open ? open.absoluteExpiresAt : absoluteDeadline(),
        answers: [...(open?.answers ?? []), answer],
      });
      return answer.promise;
    },
    getRequest: () => open,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    confirm: () => close(({ resolve }) => resolve()),
    cancel: () => close(({ reject }) => reject(new NotConfirmedError())),
    noteTyping: (next) => void (isTyping = next),
    wasInterrupted: () => isInterrupted,
  };
}
