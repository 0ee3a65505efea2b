import { Trans, useLingui } from '@lingui/react/macro';
import { lazy, Suspense } from 'react';
import type { AuditEntryFragment } from '../../generated/audit-operations.ts';
import { inWords } from '../../lib/duration.ts';
import { loadTexts } from '../../lib/language.ts';
import { Applied } from './applied.tsx';
import { FromTo } from './from-to.tsx';
import {
  appliedNow,
  isFurtherChange,
  type LimitChange,
  limitChanges,
  type LimitValue,
} from './policy-change.ts';
import classes from './entries.module.css';

const FurtherChange = lazy(async () => {
  const [{ FurtherChange }] = await Promise.all([
    import('./further-change-entry.tsx'),
    loadTexts(['policy-words']),
  ]);
  return { default: FurtherChange };
});

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
    <span>
      <span>{isIdle ? <Trans>Idle limit</Trans> : <Trans>Absolute limit</Trans>}</span>{' '}
      <FromTo before={inWordsOf(before)} after={next} />
    </span>
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
