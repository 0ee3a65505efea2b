import { useEffect, useState, useSyncExternalStore } from 'react';
import { clockTime } from '../lib/moment.ts';
import { listening } from './subscriptions.ts';
import { refresh } from './refresh.ts';
import { signIn } from './sign-in-store.ts';

export function StatusLine() {
  const me = useSyncExternalStore(signIn.subscribe, signIn.get);
  const listeningSince = useSyncExternalStore(listening.subscribe, listening.get);
  const isExpired = useIsPast(me.kind === 'in' ? me.expiresAt : null);
  const [failure, setFailure] = useState<string | null>(null);

  async function onRefresh() {
    setFailure(null);
    setFailure(await refresh());
  }

  return (
    <div className="status-line">
      <p role="status">
        {me.kind === 'out' ? (
          (me.note ?? 'Not signed in.') + ' Run SignIn to sign in. The token stays in memory only.'
        ) : (
          <>
            Signed in as <strong>{me.email ?? '…'}</strong>, token in memory,{' '}
            {isExpired ? 'expired at ' : 'valid until '}
            <time dateTime={new Date(me.expiresAt).toISOString()}>{clockTime(new Date(me.expiresAt))}</time>
          </>
        )}
        {listeningSince !== null && (
          <span className="status-line-live"> Listening since {clockTime(new Date(listeningSince))}.</span>
        )}
        {failure !== null && <span className="status-line-failure"> {failure}</span>}
      </p>
      {me.kind === 'in' && (
        <span className="status-line-actions">
          {me.refreshToken !== null && (
            <button type="button" onClick={() => void onRefresh()}>
              Refresh
            </button>
          )}
          <button type="button" onClick={() => signIn.forget()}>
            Forget
          </button>
        </span>
      )}
    </div>
  );
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
