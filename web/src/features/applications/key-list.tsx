import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { ServiceKeysDocument, type ServiceKeyRowFragment } from '../../generated/operations.ts';
import { POLL_WHILE_VISIBLE, useOnReturn } from '../../lib/use-on-return.ts';
import { KeyRow } from './key-row.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';
import classes from './key-list.module.css';

const PAGE_SIZE = 50;
const STILL = { pollInterval: 0 };

/** The keys that are valid, and below them those that are not any more. */
export function KeyList() {
  const { t } = useLingui();
  // A list with more than its first page is not read again by itself: it would jump back to that page.
  const [isExtended, setExtended] = useState(false);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const [toRevoke, setToRevoke] = useState<ServiceKeyRowFragment | null>(null);
  const query = useQuery(ServiceKeysDocument, {
    variables: { first: PAGE_SIZE },
    ...(isExtended ? STILL : POLL_WHILE_VISIBLE),
  });
  useOnReturn(() => {
    if (!isExtended) void query.refetch().catch(() => {});
  });

  async function showMore(after: string | null) {
    if (isLoadingMore) return;
    setLoadingMore(true);
    setExtended(true);
    await query
      .fetchMore({
        variables: { after },
        updateQuery: ({ serviceKeys: before }, { fetchMoreResult: { serviceKeys: more } }) => ({
          serviceKeys: { ...more, edges: [...before.edges, ...more.edges] },
        }),
      })
      .catch(() => setExtended(false));
    setLoadingMore(false);
  }

  return (
    <>
      <Loadable query={query}>
        {({ serviceKeys }) => {
          const keys = serviceKeys.edges.map(({ node }) => node);
          const [active, inactive] = [
            keys.filter((key) => key.isActive),
            keys.filter((key) => !key.isActive),
          ];
          return (
            <Stack gap="lg">
              {active.length === 0 ? (
                <NoApplication />
              ) : (
                <Rows keys={active} name={t`Service keys`} onRevoke={setToRevoke} />
              )}
              {inactive.length > 0 && (
                <div>
                  <Title order={3} size="h5" mb="sm">
                    <Trans>Revoked or expired</Trans>
                  </Title>
                  <Rows keys={inactive} name={t`Revoked or expired`} onRevoke={setToRevoke} />
                </div>
              )}
              {serviceKeys.pageInfo.hasNextPage && (
                <Group>
                  <Button
                    variant="default"
                    aria-disabled={isLoadingMore}
                    onClick={() => void showMore(serviceKeys.pageInfo.endCursor)}
                  >
                    <Trans>Show more</Trans>
                  </Button>
                </Group>
              )}
            </Stack>
          );
        }}
      </Loadable>
      <RevokeKeyDialog target={toRevoke} onClose={() => setToRevoke(null)} />
    </>
  );
}

function Rows(props: {
  keys: readonly ServiceKeyRowFragment[];
  name: string;
  onRevoke(key: ServiceKeyRowFragment): void;
}) {
  return (
    <ul className={classes.list} aria-label={props.name}>
      {props.keys.map((key) => (
        <KeyRow key={key.id} serviceKey={key} onRevoke={() => props.onRevoke(key)} />
      ))}
    </ul>
  );
}

function NoApplication() {
  return (
    <Empty>
      <p>
        <strong>
          <Trans>No application has a service key.</Trans>
        </strong>
      </p>
      <p>
        <Trans>
          An application is a shop, a customer portal or any other program of yours that signs people in
          itself. With a service key it asks Curfew to open a session, to check it at every request, and to
          end it: by the limits of your policy, and shown under Sessions beside all others.
        </Trans>
      </p>
    </Empty>
  );
}
