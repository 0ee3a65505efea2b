import { useApolloClient } from '@apollo/client/react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { ReauthenticateAtProviderDocument } from '../../generated/operations.ts';
import type { ConfirmationReason } from '../../lib/identity-confirmation.ts';
import {
  type AuthProvider,
  type PendingConfirmation,
  rememberPendingSignIn,
} from '../../lib/pending-sign-in.ts';
import { problemMessage, problemOf } from '../../lib/problem.ts';
import { onOutcome, type ProviderOutcome } from '../../lib/provider-confirmation.ts';
import { openProviderWindow, sendTo } from './provider-window.ts';
import { refusalInWords } from './words.ts';

/** The path to which providers redirect. */
const CALLBACK_PATH = '/login/callback';
/** How often the page looks whether the window is still there. */
const LOOK_INTERVAL_MS = 500;
/** A window that has come back to Curfew reports within this time. */
const REPORT_TIMEOUT_MS = 3_000;

type Phase =
  | { kind: 'ready'; failure: string | null }
  /** The window is open, and its address is on its way; or this tab is about to leave. */
  | { kind: 'opening' }
  /** The user is at the provider. `isMissed`: they are back on this page, and their window may be closed. */
  | { kind: 'waiting'; isMissed: boolean }
  /** The browser does not let the page open a window. */
  | { kind: 'blocked' };

export interface ProviderConfirmation {
  /** The provider that was chosen last. */
  provider: AuthProvider | null;
  phase: Phase;
  /** In a window of its own. */
  open(provider: AuthProvider): void;
  /** In this tab, which comes back to this page. */
  goThere(): void;
}

/** Lets the user confirm at a provider that it is them. The server is asked whether they did. */
export function useProviderConfirmation(
  reason: ConfirmationReason,
  onConfirmed: () => void,
): ProviderConfirmation {
  const client = useApolloClient();
  const { watcher } = useSession();
  const [provider, setProvider] = useState<AuthProvider | null>(null);
  const [phase, setPhase] = useState<Phase>({ kind: 'ready', failure: null });
  const [attempts] = useState(() => new Set<string>());
  const opened = useRef<Window | null>(null);

  /** @throws what the server refuses */
  async function start({ id }: AuthProvider): Promise<string> {
    const { data } = await client.mutate({
      mutation: ReauthenticateAtProviderDocument,
      variables: {
        input: {
          providerId: id,
          redirectUri: location.origin + CALLBACK_PATH,
          transport: 'COOKIE',
          reauthenticate: true,
        },
      },
      fetchPolicy: 'no-cache',
    });
    return data!.startOAuthLogin.authorizationUrl;
  }

  function fail(error: unknown): void {
    const text = problemMessage(problemOf(error));
    setPhase({ kind: 'ready', failure: text });
  }

  const pending = (chosen: AuthProvider, confirmation: PendingConfirmation) => ({
    provider: chosen,
    next: location.pathname + location.search + location.hash,
    confirmation,
  });

  async function sendWindow(chosen: AuthProvider, target: Window): Promise<void> {
    try {
      const address = await start(chosen);
      if (target.closed) return setPhase({ kind: 'waiting', isMissed: true });
      sendTo(target, address);
      setPhase({ kind: 'waiting', isMissed: false });
    } catch (error) {
      target.close();
      fail(error);
    }
  }

  function open(chosen: AuthProvider): void {
    if (phase.kind === 'opening') return;
    setProvider(chosen);
    // One that has not left yet: after that, the browser cuts the connection.
    opened.current?.close();
    const target = openProviderWindow(chosen.name);
    opened.current = target;
    if (!target) return setPhase({ kind: 'blocked' });
    const attempt = crypto.randomUUID();
    attempts.add(attempt);
    rememberPendingSignIn(pending(chosen, { place: 'window', attempt }), target);
    setPhase({ kind: 'opening' });
    void sendWindow(chosen, target);
  }

  async function leave(chosen: AuthProvider): Promise<void> {
    setPhase({ kind: 'opening' });
    try {
      const address = await start(chosen);
      rememberPendingSignIn(pending(chosen, { place: 'tab', reason: reason.kind }));
      location.assign(address);
    } catch (error) {
      fail(error);
    }
  }

  const settle = useEffectEvent(async (name: string, outcome: ProviderOutcome) => {
    // The server knows what is true: the session may be over, or confirmed. A message may be forged.
    await watcher.check();
    if (outcome.kind === 'confirmed') onConfirmed();
    else setPhase({ kind: 'ready', failure: refusalInWords(outcome, name) });
  });
  const name = provider?.name ?? '';
  useEffect(() => {
    let isCurrent = true;
    const stop = onOutcome(
      watcher,
      (attempt) => attempts.has(attempt),
      (outcome) => {
        if (isCurrent) void settle(name, outcome);
      },
    );
    return () => {
      isCurrent = false;
      // The dialog may close before the window has reported: it is told that it can close, too.
      setTimeout(stop, REPORT_TIMEOUT_MS);
    };
  }, [watcher, attempts, name]);

  // The window counts as closed as soon as it is at the provider, because the opener policy cuts the connection. So only
  // together with a user who has come back to this page does it say something.
  const isWaiting = phase.kind === 'waiting' && !phase.isMissed;
  useEffect(() => {
    if (!isWaiting) return;
    let backSince: number | null = null;
    const timer = setInterval(() => {
      const isBack = document.hasFocus() && (opened.current?.closed ?? true);
      backSince = isBack ? (backSince ?? Date.now()) : null;
      if (backSince !== null && Date.now() - backSince >= REPORT_TIMEOUT_MS)
        setPhase({ kind: 'waiting', isMissed: true });
    }, LOOK_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);

  // Back from the provider by the browser's button, without an answer.
  useEffect(() => {
    const reset = ({ persisted }: PageTransitionEvent) => {
      if (persisted) setPhase({ kind: 'ready', failure: null });
    };
    addEventListener('pageshow', reset);
    return () => removeEventListener('pageshow', reset);
  }, []);

  useEffect(() => () => opened.current?.close(), []);

  return {
    provider,
    phase,
    open,
    goThere() {
      if (provider && phase.kind !== 'opening') void leave(provider);
    },
  };
}
