import { type FormEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { clockTime } from './clock-time.ts';
import { listening } from './subscriptions.ts';
import { reauthenticate } from './reauthenticate.ts';
import { refresh } from './refresh.ts';
import { shareDashboardSignIn } from './dashboard-sign-in.ts';
import { signIn, type SignIn } from './sign-in-store.ts';
import { staleSignIn } from './stale-sign-in.ts';

export function StatusLine() {
  const me = useSyncExternalStore(signIn.subscribe, signIn.get);
  const listeningSince = useSyncExternalStore(listening.subscribe, listening.get);
  const isStale = useSyncExternalStore(staleSignIn.subscribe, staleSignIn.get) && me.kind !== 'out';
  const isExpired = useIsPast(me.kind === 'in' ? me.expiresAt : null);
  const [failure, setFailure] = useState<string | null>(null);

  const [isBusy, setBusy] = useState(false);

  async function run(action: () => Promise<string | null>) {
    if (isBusy) return;
    setBusy(true);
    setFailure(null);
    setFailure(await action());
    setBusy(false);
  }

  return (
    <div className="status-line">
      <p role="status">
        <Who me={me} isExpired={isExpired} />
        {listeningSince !== null && (
          <span className="status-line-live">{` Listening since ${clockTime(new Date(listeningSince))}.`}</span>
        )}
        {isStale && (
          <span>
            {' '}
            That operation needs a newer sign-in, and did nothing. Confirm it’s you, then run it again.
          </span>
        )}
        {failure !== null && <span className="status-line-failure">{` ${failure}`}</span>}
      </p>
      {isStale && (
        <ConfirmForm isBusy={isBusy} onConfirm={(password) => run(() => reauthenticate(password))} />
      )}
      <span className="status-line-actions">
        {me.kind === 'out' && (
          <>
            {isStale && (
              <span>
                {' '}
                That operation needs a newer sign-in, and did nothing. Confirm it’s you, then run it again.
              </span>
            )}
            {failure !== null && <a href="/login?next=%2Fgraphiql">Sign in to the dashboard</a>}
            <button type="button" aria-disabled={isBusy} onClick={() => void run(shareDashboardSignIn)}>
              Use my dashboard sign-in
            </button>
          </>
        )}
        {me.kind === 'in' && me.refreshToken !== null && (
          <button type="button" aria-disabled={isBusy} onClick={() => void run(refresh)}>
            Refresh
          </button>
        )}
        {me.kind !== 'out' && (
          <button type="button" onClick={() => signIn.forget()}>
            Forget
          </button>
        )}
        <a href="/reference">HTTP API</a>
        <a href="/schema.graphql">Schema</a>
      </span>
    </div>
  );
}

interface ConfirmFormProps {
  isBusy: boolean;
  onConfirm(password: string): Promise<void>;
}

/** Asks for the password. It is in its field alone, and only until it was sent. */
function ConfirmForm({ isBusy, onConfirm }: ConfirmFormProps) {
  const field = useRef<HTMLInputElement>(null);
  function submit(event: FormEvent) {
    event.preventDefault();
    const password = field.current!.value;
    if (isBusy || password === '') return field.current!.focus();
    void onConfirm(password).finally(() => {
      if (field.current) field.current.value = '';
    });
  }
  return (
    <form className="status-line-actions" onSubmit={submit}>
      <label>
        Password <input ref={field} type="password" name="password" autoComplete="current-password" />
      </label>
      <button type="submit" aria-disabled={isBusy}>
        Confirm it’s you
      </button>
    </form>
  );
}

function Who({ me, isExpired }: { me: SignIn; isExpired: boolean }) {
  switch (me.kind) {
    case 'out':
      return (
        <span>{`${me.note ?? 'Not signed in.'} Run SignIn to sign in. The token stays in memory only.`}</span>
      );
    case 'shared':
      return (
        <span>
          Signed in as <strong>{me.email}</strong>, with the dashboard’s sign-in. Its session goes on as in a
          tab of the dashboard.
        </span>
      );
    case 'in':
      return (
        <span>
          Signed in as <strong>{me.email ?? '…'}</strong>, token in memory,{' '}
          <span>{isExpired ? 'expired at ' : 'valid until '}</span>
          <time dateTime={new Date(me.expiresAt).toISOString()}>{clockTime(new Date(me.expiresAt))}</time>
        </span>
      );
  }
}

function useIsPast(moment: number | null): boolean {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (moment === null) return;
    setNow(Date.now());
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, moment - Date.now()));
    return () => clearTimeout(timer);
  }, [moment]);
  return moment !== null && now >= moment;
}
