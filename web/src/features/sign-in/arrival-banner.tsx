import { Clock, Info } from 'lucide-react';
import { Notice } from '../../components/notice.tsx';
import { hasDrafts } from '../../lib/draft.ts';
import { inWords } from '../../lib/duration.ts';
import type { LastSignIn } from '../../lib/last-sign-in.ts';
import type { Arrival, Cause } from './arrival.ts';

interface ArrivalBannerProps {
  arrival: Arrival;
  /** Whose session that most likely was, and under which limits. */
  last: LastSignIn | null;
}

/** What happened to the session, and what to do about it. */
export function ArrivalBanner({ arrival, last }: ArrivalBannerProps) {
  if (arrival.kind === 'signed-out') {
    return (
      <Notice tone="neutral" icon={<Info size={18} />}>
        {arrival.cause === null ? 'You have been signed out. Sign in to carry on.' : SENTENCES[arrival.cause]}
      </Notice>
    );
  }
  return (
    <Notice tone="cyan" icon={<Clock size={18} />}>
      {expiry(arrival.limit, last)}
      {hasDrafts() && ' What you had not saved yet is kept in this tab.'}
    </Notice>
  );
}

function expiry(limit: 'idle' | 'absolute' | null, last: LastSignIn | null): string {
  switch (limit) {
    case 'idle':
      return last
        ? `You were signed out because you had been inactive for ${inWords(last.idleMinutes)}.`
        : 'You were signed out because you had been inactive.';
    case 'absolute':
      return last
        ? `Your session reached its time limit: it ends ${inWords(last.absoluteMinutes)} after signing in, however busy you are.`
        : 'Your session reached its time limit: it ends some time after signing in, however busy you are.';
    case null:
      return 'Your session has expired. Sign in to carry on.';
  }
}

const SENTENCES: Record<Cause, string> = {
  revoked_by_owner: 'An owner of your account signed you out. You can sign in again.',
  revoked_by_user:
    'You were signed out here from another of your sessions. If that was not you, sign in and change your password.',
  revoked_by_service: 'A service that works with your account signed you out. You can sign in again.',
  password_changed:
    'You were signed out because your password was changed. Sign in with the new one; if you did not change it, tell an owner of your account.',
  user_deactivated:
    'You were signed out because your user was deactivated. Ask an owner of your account if you still need it.',
  policy_changed:
    'You were signed out because your account now has shorter limits for sessions, and yours was past them. You can sign in again.',
  refresh_token_reused:
    'You were signed out for safety: this session was used from a copy. Sign in, look through your sessions, and change your password if one of them is not yours.',
};
