import { Text } from '@mantine/core';
import { Ago } from '../../components/moment.tsx';
import { PRESET_NAMES } from '../../lib/preset-names.ts';
import { currentLimits, type Policy } from './policy-draft.ts';
import { limitsInWords } from './policy-messages.ts';
import classes from './current-policy.module.css';

/** The policy that applies now, and when it was last changed. */
export function CurrentPolicy({ policy, viewerId }: { policy: Policy; viewerId: string }) {
  return (
    <div className={classes.current}>
      <Text component="p" m={0}>
        <span className={classes.now}>Now: </span>
        <strong>{PRESET_NAMES[policy.preset]}</strong>, {limitsInWords(currentLimits(policy))}.
      </Text>
      <Text component="p" m={0} size="sm" c="dimmed">
        <LastChanged policy={policy} viewerId={viewerId} />
      </Text>
    </div>
  );
}

function LastChanged({ policy: { updatedAt, updatedBy }, viewerId }: { policy: Policy; viewerId: string }) {
  if (updatedAt === null) return 'Not changed yet.';
  return (
    <>
      Last changed {updatedBy && `by ${updatedBy.id === viewerId ? 'you' : updatedBy.name}, `}
      <Ago at={updatedAt} />.
    </>
  );
}
