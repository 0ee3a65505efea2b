import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@apollo/client/react';
import { Timer } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import { useSession } from '@curfew/client/react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { PolicyCardDocument } from '../../generated/policy-operations.ts';
import { useOnReturn } from '../../lib/use-on-return.ts';
import { PolicyForm } from './policy-form.tsx';
import { POLICY_CHANGED } from '../policy-effect/policy-broadcast.ts';

/** The session policy of the account, with a form to change it. For owners. */
export function PolicyCard() {
  const { t } = useLingui();
  const { user, watcher } = useSession();
  const query = useQuery(PolicyCardDocument);
  const { refetch } = query;
  // The query itself carries the error.
  const reload = useCallback(() => void refetch().catch(() => {}), [refetch]);

  useOnReturn(reload);
  useEffect(
    () =>
      watcher.onMessage(({ kind }) => {
        if (kind === POLICY_CHANGED) reload();
      }),
    [watcher, reload],
  );

  return (
    <Panel
      title={t`Session policy`}
      icon={<Timer size={20} />}
      intro={t`A session ends after a time without activity (idle limit), and after a fixed time in any case (absolute limit).`}
    >
      <Loadable query={query} lines={8}>
        {({ sessionPolicy, sessionPolicyPresets }) =>
          user && (
            <PolicyForm
              policy={sessionPolicy}
              standards={sessionPolicy.standards}
              presets={sessionPolicyPresets}
              viewerId={user.id}
              onReload={reload}
            />
          )
        }
      </Loadable>
    </Panel>
  );
}
