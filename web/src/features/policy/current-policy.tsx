import { Trans } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { Ago } from '../../components/moment.tsx';
import { PRESET_NAMES } from '../../lib/preset-names.ts';
import { FurtherPolicy } from './further-policy.tsx';
import { currentLimits, type Policy } from './policy-draft.ts';
import { limitsInWords } from '../policy-words/limits-in-words.ts';
import classes from './current-policy.module.css';

/** The policy that applies now, and when it was last changed. */
export function CurrentPolicy({ policy, viewerId }: { policy: Policy; viewerId: string }) {
  const name = PRESET_NAMES[policy.preset];
  const limits = limitsInWords(currentLimits(policy));
  return (
    <div className={classes.current}>
      <Text component="p" m={0}>
        <Trans>
          <span className={classes.now}>Now: </span>
          <strong>{name}</strong>, {limits}.
        </Trans>
      </Text>
      <FurtherPolicy policy={policy} />
      <Text component="p" m={0} size="sm" c="dimmed">
        <LastChanged policy={policy} viewerId={viewerId} />
      </Text>
    </div>
  );
}

function LastChanged({ policy: { updatedAt, updatedBy }, viewerId }: { policy: Policy; viewerId: string }) {
  if (updatedAt === null) return <Trans>Not changed yet.</Trans>;
  const when = <Ago at={updatedAt} />;
  if (!updatedBy) return <Trans>Last changed {when}.</Trans>;
  if (updatedBy.id === viewerId) return <Trans>Last changed by you, {when}.</Trans>;
  const { name } = updatedBy;
  return (
    <Trans>
      Last changed by {name}, {when}.
    </Trans>
  );
}
