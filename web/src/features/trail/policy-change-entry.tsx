import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { lazy, Suspense } from 'react';
import type { AuditEntryFragment } from '../../generated/operations.ts';
import { inWords } from '../../lib/duration.ts';
import { FromTo } from './from-to.tsx';
import {
  appliedNow,
  type AppliedNow,
  isFurtherChange,
  type LimitChange,
  limitChanges,
  type LimitValue,
} from './policy-change.ts';
import classes from './entries.module.css';

const FurtherChange = lazy(async () => ({
  default: (await import('./further-change-entry.tsx')).FurtherChange,
}));

/** The policy before and after, and what the change did to current sessions. */
export function PolicyChange({ details }: { details: AuditEntryFragment['details'] }) {
  const applied = appliedNow(details);
  return (
    <>
      <ul className={classes.limits}>
        {limitChanges(details).map((change) => (
          <li key={change.limit}>
            <Limit {...change} />
          </li>
        ))}
        {isFurtherChange(details) && (
          <Suspense>
            <FurtherChange details={details} />
          </Suspense>
        )}
      </ul>
      {applied && (
        <div className={classes.soft}>
          <Applied {...applied} />
        </div>
      )}
    </>
  );
}

/** What a change did to current sessions. */
export function Applied({ ended, shortened }: AppliedNow) {
  return (
    <Trans>
      Applied to current sessions: <Plural value={ended} one="# ended" other="# ended" />,{' '}
      <Plural value={shortened} one="# shortened" other="# shortened" />
    </Trans>
  );
}

function Limit({ limit, before, after }: LimitChange) {
  const inWordsOf = useLimitInWords();
  const next = inWordsOf(after);
  const isIdle = limit === 'idle';
  if (before === null)
    return isIdle ? (
      <Trans>Idle limit unchanged at {next}</Trans>
    ) : (
      <Trans>Absolute limit unchanged at {next}</Trans>
    );
  return (
    <>
      {isIdle ? <Trans>Idle limit</Trans> : <Trans>Absolute limit</Trans>}{' '}
      <FromTo before={inWordsOf(before)} after={next} />
    </>
  );
}

function useLimitInWords(): (value: LimitValue) => string {
  const { t } = useLingui();
  return ({ minutes, isDefault }) => {
    if (minutes === null) return t`the default`;
    const limit = inWords(minutes);
    return isDefault ? t`${limit} (the default)` : limit;
  };
}
