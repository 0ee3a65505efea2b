import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Clock, Info } from 'lucide-react';
import { Notice } from '../../components/notice.tsx';
import { hasDrafts } from '../../lib/draft.ts';
import { asAdjective, inWords } from '../../lib/duration.ts';
import type { LastSignIn } from '../../lib/last-sign-in.ts';
import type { EndReasonParams, KnownEndReason } from './end-reason-params.ts';

interface EndReasonBannerProps {
  endReason: EndReasonParams;
  /** The last sign-in in this browser, which gives the limits of the ended session. */
  last: LastSignIn | null;
  /** It ended while the user was confirming that it is them. */
  isInterrupted: boolean;
}

/** Explains why the session ended and what to do next. */
export function EndReasonBanner({ endReason, last, isInterrupted }: EndReasonBannerProps) {
  const { i18n } = useLingui();
  if (endReason.kind === 'account-deleted') {
    return (
      <Notice tone="neutral" icon={<Info size={18} />}>
        <Trans>The account was deleted. No one can sign in to it any more.</Trans>
      </Notice>
    );
  }
  if (endReason.kind === 'signed-out') {
    return (
      <Notice tone="neutral" icon={<Info size={18} />}>
        {endReason.reason === null ? (
          <Trans>You have been signed out. Sign in to carry on.</Trans>
        ) : (
          i18n._(MESSAGES[endReason.reason])
        )}
      </Notice>
    );
  }
  return (
    <Notice tone="cyan" icon={<Clock size={18} />}>
      <span>{expiryMessage(endReason.limit, last)}</span>
      {isInterrupted && (
        <span>
          {' '}
          <Trans>It ended before you had confirmed that it’s you.</Trans>
        </span>
      )}
      {hasDrafts() && (
        <span>
          {' '}
          <Trans>Your unsaved changes are kept in this tab.</Trans>
        </span>
      )}
    </Notice>
  );
}

function expiryMessage(limit: 'idle' | 'absolute' | null, last: LastSignIn | null): string {
  switch (limit) {
    case 'idle': {
      if (!last) return t`You were signed out because you were inactive.`;
      const idle = inWords(last.idleMinutes);
      return t`You were signed out because you were inactive for ${idle}.`;
    }
    case 'absolute': {
      if (!last) return t`Your session reached its absolute limit. Sign in to carry on.`;
      const absolute = asAdjective(last.absoluteMinutes);
      return t`Your session reached its ${absolute} limit. Sign in to carry on.`;
    }
    case null:
      return t`Your session has expired. Sign in to carry on.`;
  }
}

const MESSAGES: Record<KnownEndReason, MessageDescriptor> = {
  revoked_by_owner: msg`An owner of your account signed you out. You can sign in again.`,
  revoked_by_user: msg`You were signed out from another of your sessions. If that wasn’t you, sign in and change your password.`,
  revoked_by_service: msg`A service connected to your account signed you out. You can sign in again.`,
  password_changed: msg`You were signed out because your password was changed. Sign in with the new one. If you didn’t change it, tell an owner of your account.`,
  user_deactivated: msg`You were signed out because your access was removed. Ask an owner of your account if you need it back.`,
  policy_changed: msg`You were signed out because shorter limits now apply to your sessions. You can sign in again.`,
  refresh_token_reused: msg`You were signed out for your safety: someone may have copied this session. Sign in, check your sessions, and change your password if you don’t recognise one.`,
  replaced: msg`You were signed out because someone signed in again in this browser.`,
  session_limit: msg`You were signed out because you signed in on another device, and your account allows no more sessions at a time. If that wasn’t you, sign in and change your password.`,
  security_event: msg`You were signed out because your identity provider reported a security event. You can sign in again.`,
};
