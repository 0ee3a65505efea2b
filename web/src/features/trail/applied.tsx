import { Plural, Trans } from '@lingui/react/macro';
import type { AppliedNow } from './policy-change.ts';

/** What a change did to current sessions. */
export function Applied({ ended, shortened }: AppliedNow) {
  return (
    <Trans>
      Applied to current sessions: <Plural value={ended} one="# ended" other="# ended" />,{' '}
      <Plural value={shortened} one="# shortened" other="# shortened" />
    </Trans>
  );
}
