import { useEffect, useState, useSyncExternalStore } from 'react';
import { listening } from './live.ts';
import { renew } from './renew.ts';
import { signIn } from './signed-in.ts';

export function StatusLine() {
  const me = useSyncExternalStore(signIn.subscribe, signIn.get);
  const listeningSince = useSyncExternalStore(listening.subscribe, listening.get);
  const expired = usePassed(me.kind === 'in' ? me.expiresAt : null);
  const [trouble, setTrouble] = useState<string | null>(null);

  async function onRenew() {
    setTrouble(null);
    setTrouble(await renew());
  }

  return (
    <div className="status-line">
      <p role="status">
        {me.kind === 'out' ? (
          (me.note ?? 'Not signed in.') + ' Run SignIn: the page keeps the token in memory only.'
        ) : (
          <>
            Signed in as <strong>{me.email ?? '…'}</strong>, token in memory,{' '}
            {expired ? 'expired at ' : 'good until '}
            <time dateTime={new Date(me.expiresAt).toISOString()}>{clockTime(me.expiresAt)}</time>
          </>
        )}
        {listeningSince !== null && (
          <span className="status-line-live"> Listening since {clockTime(listeningSince)}.</span>
        )}
        {trouble !== null && <span className="status-line-trouble"> {trouble}</span>}
      </p>
      {me.kind === 'in' && (
        <span className="status-line-actions">
          {me.refreshToken !== null && (
            <button type="button" onClick={() => void onRenew()}>
              Renew
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

function clockTime(moment: number): string {
  return new Date(moment).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

function usePassed(moment: number | null): boolean {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (moment === null) return;
    setNow(Date.now());
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, moment - Date.now()));
    return () => clearTimeout(timer);
  }, [moment]);
  return moment !== null && now >= moment;
}
