import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { History } from 'lucide-react';
import { useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { AccountOwnActivityDocument } from '../../generated/account-operations.ts';
import { POLL_WHILE_VISIBLE } from '../../lib/use-on-return.ts';
import { Entries } from '../trail/entries.tsx';

const FIRST = 10;
const MORE = 100;

/** What the user did, and what was done to them. */
export function OwnActivity() {
  const { t } = useLingui();
  const [first, setFirst] = useState(FIRST);
  const query = useQuery(AccountOwnActivityDocument, { variables: { first }, ...POLL_WHILE_VISIBLE });
  return (
    <Panel
      title={t`Your activity`}
      icon={<History size={20} />}
      intro={<Trans>Your sign-ins, failed ones too, and what was changed by you or for you.</Trans>}
    >
      <Loadable
        query={{ data: query.data ?? query.previousData, error: query.error, refetch: query.refetch }}
        lines={5}
      >
        {({ ownActivity: { edges, pageInfo } }) =>
          edges.length === 0 ? (
            <Empty>
              <Trans>There is no activity yet.</Trans>
            </Empty>
          ) : (
            <>
              <Entries entries={edges.map(({ node }) => node)} label={t`Your activity`} />
              {pageInfo.hasNextPage && first < MORE && (
                <Button variant="default" mt="md" onClick={() => setFirst(MORE)}>
                  <Trans>Show more</Trans>
                </Button>
              )}
            </>
          )
        }
      </Loadable>
    </Panel>
  );
}
