import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { VisuallyHidden } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import { inWords } from '../../lib/duration.ts';
import type { AppliedNow, LimitChange, LimitValue } from './policy-change.ts';
import classes from './entries.module.css';

/** Both limits before and after, and what the change did to current sessions. */
export function PolicyChange({ limits, applied }: { limits: LimitChange[]; applied: AppliedNow | null }) {
  return (
    <>
      <ul className={classes.limits}>
        {limits.map((change) => (
          <li key={change.limit}>
            <Limit {...change} />
          </li>
        ))}
      </ul>
      {applied && (
        <div className={classes.soft}>
          <Trans>
            Applied to current sessions: <Plural value={applied.ended} one="# ended" other="# ended" />,{' '}
            <Plural value={applied.shortened} one="# shortened" other="# shortened" />
          </Trans>
        </div>
      )}
    </>
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
      {isIdle ? <Trans>Idle limit</Trans> : <Trans>Absolute limit</Trans>} <span>{inWordsOf(before)}</span>{' '}
      <ArrowRight size={13} aria-hidden className={classes.arrow} />
      <VisuallyHidden>
        <Trans context="from one limit to another">to</Trans>
      </VisuallyHidden>{' '}
      <strong>{next}</strong>
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
