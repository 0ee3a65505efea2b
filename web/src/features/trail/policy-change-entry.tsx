import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { VisuallyHidden } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AuditEntryFragment, SessionLimitAction } from '../../generated/operations.ts';
import { inWords } from '../../lib/duration.ts';
import { kindInWords } from '../policy-words/kind-in-words.ts';
import { BothLimits } from '../policy-words/both-limits.tsx';
import {
  appliedNow,
  type AppliedNow,
  type LimitChange,
  limitChanges,
  type LimitValue,
  type MaximumChange,
  maximumChange,
  type RuleChange,
  ruleChanges,
} from './policy-change.ts';
import classes from './entries.module.css';

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
        {ruleChanges(details).map((change) => (
          <li key={`${change.kind.role} ${change.kind.appType}`}>
            <Rule {...change} />
          </li>
        ))}
        <Maximum {...maximumChange(details)} />
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

function Rule({ kind, before, after }: RuleChange) {
  const who = kindInWords(kind);
  if (before && after)
    return (
      <>
        <Trans>Rule changed:</Trans> {who}:{' '}
        <FromTo before={<BothLimits {...before} />} after={<BothLimits {...after} />} />
      </>
    );
  return after ? (
    <>
      <Trans>Rule added:</Trans> {who}:{' '}
      <strong>
        <BothLimits {...after} />
      </strong>
    </>
  ) : (
    <>
      <Trans>Rule removed:</Trans> {who}: {before && <BothLimits {...before} />}
    </>
  );
}

function Maximum({ maximum, action }: MaximumChange) {
  return (
    <>
      {maximum && (
        <li>
          <Trans>Sessions per person</Trans>{' '}
          <FromTo before={<Amount amount={maximum.before} />} after={<Amount amount={maximum.after} />} />
        </li>
      )}
      {action && (
        <li>
          <Trans>One more sign-in</Trans>{' '}
          <FromTo before={<Action action={action.before} />} after={<Action action={action.after} />} />
        </li>
      )}
    </>
  );
}

const Amount = ({ amount }: { amount: number | null }) => amount ?? <Trans>no limit</Trans>;

function Action({ action }: { action: SessionLimitAction }) {
  switch (action) {
    case 'DENY':
      return <Trans>is refused</Trans>;
    case 'END_OLDEST':
      return <Trans>ends the session used least recently</Trans>;
    case 'ASK':
      return <Trans>lets the person choose which ends</Trans>;
  }
}

function FromTo({ before, after }: { before: ReactNode; after: ReactNode }) {
  return (
    <>
      <span>{before}</span> <ArrowRight size={13} aria-hidden className={classes.arrow} />
      <VisuallyHidden>
        <Trans context="from one limit to another">to</Trans>
      </VisuallyHidden>{' '}
      <strong>{after}</strong>
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
