import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { ChevronLeft, ChevronRight, ScrollText } from 'lucide-react';
import { useRef } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { entries } from '../../lib/count.ts';
import { ACTIONS } from './actions.ts';
import { Entries } from './entries.tsx';
import { useTrail } from './use-trail.ts';
import classes from './audit-card.module.css';

/** The audit trail of the account. For owners. */
export function AuditCard() {
  const trail = useTrail();
  const list = useRef<HTMLDivElement>(null);
  /** Moves the focus to the list, because the pressed button may disappear. */
  const thenFocusList = (action: (() => void) | null) => () => {
    if (!action) return;
    action();
    list.current?.focus();
  };

  return (
    <Panel
      title="Audit trail"
      icon={<ScrollText size={20} />}
      intro="Who changed what, who signed in and who was signed out. Entries can’t be changed."
      actions={
        <NativeSelect
          label="Show"
          className={classes.filter}
          value={trail.action ?? ''}
          onChange={(event) => trail.filter(event.currentTarget.value || null)}
          data={[{ value: '', label: 'Everything' }, ...ACTIONS]}
        />
      }
    >
      {/* Has a fixed height, so that nothing moves when new entries are offered. */}
      <div role="status" className={classes.newEntries}>
        <Text size="sm" c="dimmed">
          {trail.page && entries(trail.page.totalCount)}
        </Text>
        {trail.newEntries > 0 && (
          <Button variant="light" size="xs" onClick={thenFocusList(trail.showNewEntries)}>
            {newEntriesInWords(trail.newEntries, trail.mayBeMore)}. Show
          </Button>
        )}
      </div>
      <div ref={list} tabIndex={-1} className={classes.list} aria-busy={trail.isStale}>
        <Loadable query={{ data: trail.page, error: trail.error, refetch: trail.refetch }} lines={6}>
          {(page) =>
            page.edges.length === 0 ? (
              <Empty>
                {trail.action === null ? 'There are no entries yet.' : 'No entries match this filter.'}
              </Empty>
            ) : (
              <Entries entries={page.edges.map(({ node }) => node)} />
            )
          }
        </Loadable>
      </div>
      {(trail.newer ?? trail.older) && (
        <Group justify="flex-end" gap="sm" mt="md">
          <Text size="sm" c="dimmed" role="status">
            Page {trail.number}
          </Text>
          <Group gap="xs">
            <Button
              variant="default"
              size="xs"
              leftSection={<ChevronLeft size={14} aria-hidden />}
              aria-disabled={!trail.newer}
              className={classes.turn}
              onClick={thenFocusList(trail.newer)}
            >
              Newer
            </Button>
            <Button
              variant="default"
              size="xs"
              rightSection={<ChevronRight size={14} aria-hidden />}
              aria-disabled={!trail.older}
              className={classes.turn}
              onClick={thenFocusList(trail.older)}
            >
              Older
            </Button>
          </Group>
        </Group>
      )}
    </Panel>
  );
}

const newEntriesInWords = (count: number, mayBeMore: boolean): string =>
  `${count} new ${count === 1 ? 'entry' : 'entries'}${mayBeMore ? ' or more' : ''}`;
