import { useLazyQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { CalendarSearch } from 'lucide-react';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { Failure } from '../../components/failure.tsx';
import { useNow } from '../../components/now.tsx';
import { Panel } from '../../components/panel.tsx';
import { AuditPolicyAtDocument, type AuditPolicyAtQuery } from '../../generated/operations.ts';
import { problemMessage, problemOf } from '../../lib/problem.ts';
import { endOf, startOf } from './filters.ts';

const PolicyThen = lazy(async () => ({ default: (await import('./policy-then.tsx')).PolicyThen }));

/** The id of the field, which a link to it focuses. */
export const POLICY_DATE = 'policy-date';

/** Says which limits applied on a date. */
export function PolicyOnDate() {
  const { t } = useLingui();
  const serverNow = useNow();
  const [find, { loading: isBusy }] = useLazyQuery(AuditPolicyAtDocument, { fetchPolicy: 'network-only' });
  const [day, setDay] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [policy, setPolicy] = useState<AuditPolicyAtQuery['sessionPolicyAt'] | null>(null);

  async function ask(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setError(null);
    setFailure(null);
    setPolicy(null);
    const end = endOf(day);
    if (!end) return setError(t`Enter a date.`);
    if (startOf(day)! > serverNow) return setError(t`Enter a date that is not in the future.`);
    // Today, until now.
    const at = new Date(Math.min(end.getTime() - 1, serverNow.getTime()));
    try {
      const { data, error: refused } = await find({ variables: { at: at.toISOString() } });
      if (refused) throw refused;
      setPolicy(data!.sessionPolicyAt);
    } catch (refusal) {
      const problem = problemOf(refusal);
      if (problem.kind === 'refused' && problem.extensions.reason === 'OUT_OF_BOUNDS')
        setError(t`There is no record of the policy on that date.`);
      else setFailure(problemMessage(problem));
    }
  }

  return (
    <Panel
      title={t`Policy on a date`}
      icon={<CalendarSearch size={20} />}
      intro={<Trans>Which limits and rules applied to sign-ins at the end of a day.</Trans>}
    >
      <form noValidate onSubmit={(event) => void ask(event)}>
        <Group align="flex-start" gap="sm">
          <TextInput
            id={POLICY_DATE}
            type="date"
            label={t`Date`}
            value={day}
            error={error}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" mt="1.55rem" aria-disabled={isBusy}>
            <Trans>Show policy</Trans>
          </Button>
        </Group>
      </form>
      {failure && <Failure text={failure} />}
      <Text component="div" role="status" mt="sm">
        {policy && (
          <Suspense>
            <PolicyThen {...policy} />
          </Suspense>
        )}
      </Text>
    </Panel>
  );
}
