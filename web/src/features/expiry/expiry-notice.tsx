import { useSession, useSessionExpiry } from '@curfew/client/react';
import { NoticeRegion } from '../../components/notice-region.tsx';
import { asClock } from '../../lib/duration.ts';
import { AbsoluteBar } from './absolute-bar.tsx';
import { IdleBar } from './idle-bar.tsx';
import { LastMinuteDialog } from './last-minute-dialog.tsx';
import { stageOf } from './notice-stage.ts';
import { LiveRegion } from '../../components/live-region.tsx';
import { useExpiryAnnouncement } from '../../lib/use-expiry-announcement.ts';
import { useConfirmDeadline, useLastMinuteConfirmation } from './use-confirm-deadline.ts';
import { useBackgroundTitle } from './use-background-title.ts';

/** Warns before the session ends and offers to extend it where that is possible. */
export function ExpiryNotice() {
  const { status, session, reauthentication } = useSession();
  const confirmDeadline = useConfirmDeadline();
  const expiry = useSessionExpiry();
  const { reason, expiresAt, localExpiresAt, secondsRemaining, extending } = expiry;
  const stage = stageOf({ status, ...expiry });
  const isShown = stage !== 'quiet' && stage !== 'chip';
  const warning =
    isShown && reason !== null && expiresAt !== null && secondsRemaining !== null
      ? { reason, expiresAt, secondsRemaining }
      : null;
  const announcement = useExpiryAnnouncement(warning, status === 'active');
  useLastMinuteConfirmation(
    (stage === 'absolute' || stage === 'chip') &&
      expiry.warning === 'now' &&
      reauthentication !== 'impossible'
      ? expiresAt
      : null,
  );
  useBackgroundTitle(warning && `(${asClock(warning.secondsRemaining)})`);

  const isIdle = stage === 'idle' || stage === 'last-minute';
  const onStay = () => {
    // The watcher reports the result in `extending`.
    if (extending !== 'yes') void expiry.stay().catch(() => {});
  };
  const leadSeconds = isIdle ? session?.idleWarningSeconds : session?.absoluteWarningSeconds;
  const seconds = secondsRemaining ?? 0;
  const common = { endsAt: localExpiresAt ?? new Date(0), secondsRemaining: seconds };
  const share = Math.min(1, seconds / Math.max(1, leadSeconds ?? 1));

  return (
    <>
      <NoticeRegion place="expiry" contentKey={isIdle ? `idle ${extending}` : stage}>
        {isIdle && <IdleBar {...common} share={share} extending={extending} onStay={onStay} />}
        {stage === 'absolute' && session && (
          <AbsoluteBar
            {...common}
            share={share}
            limitMinutes={session.absoluteMinutes}
            onConfirm={reauthentication === 'impossible' ? null : confirmDeadline}
            onDismiss={expiry.dismiss}
          />
        )}
      </NoticeRegion>
      {stage === 'last-minute' ? (
        <LastMinuteDialog {...common} extending={extending} announcement={announcement} onStay={onStay} />
      ) : (
        <LiveRegion text={announcement} />
      )}
    </>
  );
}
