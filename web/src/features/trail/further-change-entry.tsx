import { Trans } from '@lingui/react/macro';
import type { AuditEntryFragment, SessionLimitAction } from '../../generated/audit-operations.ts';
import { BothLimits } from '../policy-words/both-limits.tsx';
import { kindInWords } from '../policy-words/kind-in-words.ts';
import { FromTo } from './from-to.tsx';
import { type MaximumChange, maximumChange, type RuleChange, ruleChanges } from './further-change.ts';

/** The rules and the maximum of sessions before and after. */
export const FurtherChange = ({ details }: { details: AuditEntryFragment['details'] }) => (
  <>
    {ruleChanges(details).map((change) => (
      <li key={`${change.kind.role} ${change.kind.appType}`}>
        <Rule {...change} />
      </li>
    ))}
    <Maximum {...maximumChange(details)} />
  </>
);

function Rule({ kind, before, after }: RuleChange) {
  const who = kindInWords(kind);
  if (before && after)
    return (
      <span>
        <Trans>Rule changed:</Trans> <span>{`${who}:`}</span>{' '}
        <FromTo before={<BothLimits {...before} />} after={<BothLimits {...after} />} />
      </span>
    );
  return after ? (
    <span>
      <Trans>Rule added:</Trans> <span>{`${who}:`}</span>{' '}
      <strong>
        <BothLimits {...after} />
      </strong>
    </span>
  ) : (
    <span>
      <Trans>Rule removed:</Trans> <span>{`${who}:`}</span> {before && <BothLimits {...before} />}
    </span>
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

const Amount = ({ amount }: { amount: number | null }) =>
  amount === null ? <Trans>no limit</Trans> : <span>{amount}</span>;

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
