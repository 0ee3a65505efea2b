import { Text } from '@mantine/core';
import { Ago } from '../../components/moment.tsx';
import { limitsInForce, type Policy } from './policy-draft.ts';
import { limitsInWords, PRESET_NAMES } from './policy-words.ts';
import classes from './policy-in-force.module.css';

/** What holds right now, and since when. */
export function PolicyInForce({ policy, viewerId }: { policy: Policy; viewerId: string }) {
  return (
    <div className={classes.inForce}>
      <Text component="p" m={0}>
        <span className={classes.now}>Now: </span>
        <strong>{PRESET_NAMES[policy.preset]}</strong>, {limitsInWords(limitsInForce(policy))}.
      </Text>
      <Text component="p" m={0} size="sm" c="dimmed">
        <LastChanged policy={policy} viewerId={viewerId} />
      </Text>
    </div>
  );
}

function LastChanged({ policy: { updatedAt, updatedBy }, viewerId }: { policy: Policy; viewerId: string }) {
  if (updatedAt === null) return 'Never changed so far.';
  return (
    <>
      Last changed {updatedBy && `by ${updatedBy.id === viewerId ? 'you' : updatedBy.name}, `}
      <Ago at={updatedAt} />.
    </>
  );
}
