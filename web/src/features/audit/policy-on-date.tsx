import { useApolloClient } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { CalendarSearch } from 'lucide-react';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { Failure } from '../../components/failure.tsx';
import { useNow } from '../../components/now.tsx';
import { Panel } from '../../components/panel.tsx';
import { AuditPolicyAtDocument, type AuditPolicyAtQuery } from '../../generated/audit-operations.ts';
import { endOf, startOf } from '../../lib/day.ts';
import { loadTexts } from '../../lib/language.ts';
import { problemMessage, problemOf } from '../../lib/problem.ts';

const PolicyThen = lazy(async () => {
  const [{ PolicyThen }] = await Promise.all([import('./policy-then.tsx'), loadTexts(['policy-words'])]);
  return { default: PolicyThen };
});

/** The id of the field, which a link to it focuses. */
export const POLICY_DATE = 'policy-date';

/** Says which limits applied on a date. */
export function PolicyOnDate() {
  const { t } = useLingui();
  const serverNow = useNow();
  const client = useApolloClient();
  const [isBusy, setBusy] = useState(false);
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
    setBusy(true);
    try {
      const { data } = await client.query({
        query: AuditPolicyAtDocument,
        variables: { at: at.toISOString() },
        fetchPolicy: 'network-only',
      });
      setPolicy(data!.sessionPolicyAt);
    } catch (refusal) {
      const problem = problemOf(refusal);
      if (problem.kind === 'refused' && problem.extensions.reason === 'OUT_OF_BOUNDS')
        setError(t`There is no record of the policy on that date.`);
      else setFailure(problemMessage(problem));
    } finally {
      setBusy(false);
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
