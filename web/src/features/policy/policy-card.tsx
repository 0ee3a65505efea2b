import { useQuery } from '@apollo/client/react';
import { Timer } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import { useSession } from '@curfew/client/react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { PolicyCardDocument } from '../../generated/operations.ts';
import { useOnReturn } from '../../lib/on-return.ts';
import { PolicyForm } from './policy-form.tsx';
import { POLICY_CHANGED } from './policy-message.ts';

/** The account's session policy: what is in force, and what to put in its place. For owners. */
export function PolicyCard() {
  const { user, watcher } = useSession();
  const query = useQuery(PolicyCardDocument);
  const { refetch } = query;
  // What goes wrong is in the query.
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
      title="Session policy"
      icon={<Timer size={20} />}
      intro="Two limits end a session: the idle limit when nothing happens, the absolute limit whatever happens."
    >
      <Loadable query={query} lines={8}>
        {({ sessionPolicy, sessionPolicyPresets }) =>
          user && (
            <PolicyForm
              policy={sessionPolicy}
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
