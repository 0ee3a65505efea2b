import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { ChevronLeft, ChevronRight, ScrollText } from 'lucide-react';
import { useRef } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { ACTIONS } from './actions.ts';
import { Entries } from './entries.tsx';
import { useTrail } from './use-trail.ts';
import classes from './audit-card.module.css';

/** Who changed and who came and went: the account's trail for its owners. */
export function AuditCard() {
  const trail = useTrail();
  const list = useRef<HTMLDivElement>(null);
  /** The button that was pressed may be gone; from the list one reads on. */
  const andRead = (turn: (() => void) | null) => () => {
    if (!turn) return;
    turn();
    list.current?.focus();
  };

  return (
    <Panel
      title="Audit trail"
      icon={<ScrollText size={20} />}
      intro="Who changed what, who signed in, and who was signed out. Nobody can alter it."
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
      {/* As high without news as with them: nothing moves when they come. */}
      <div role="status" className={classes.news}>
        <Text size="sm" c="dimmed">
          {trail.page && countInWords(trail.page.totalCount)}
        </Text>
        {trail.news > 0 && (
          <Button variant="light" size="xs" onClick={andRead(trail.showNews)}>
            {entriesInWords(trail.news, trail.mayBeMore)}. Show
          </Button>
        )}
      </div>
      <div ref={list} tabIndex={-1} className={classes.list} aria-busy={trail.isStale}>
        <Loadable query={{ data: trail.page, error: trail.error, refetch: trail.refetch }} lines={6}>
          {(page) =>
            page.edges.length === 0 ? (
              <Empty>
                {trail.action === null
                  ? 'Nothing has happened yet.'
                  : 'There is no such entry. Show everything to see the others.'}
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
              onClick={andRead(trail.newer)}
            >
              Newer
            </Button>
            <Button
              variant="default"
              size="xs"
              rightSection={<ChevronRight size={14} aria-hidden />}
              aria-disabled={!trail.older}
              className={classes.turn}
              onClick={andRead(trail.older)}
            >
              Older
            </Button>
          </Group>
        </Group>
      )}
    </Panel>
  );
}

/** The server counts no further. */
const COUNTED = 10_000;

const countInWords = (count: number): string =>
  count >= COUNTED ? '10,000 entries or more' : `${count.toLocaleString('en')} ${entry(count)}`;

const entriesInWords = (count: number, mayBeMore: boolean): string =>
  `${count} new ${entry(count)}${mayBeMore ? ' or more' : ''}`;

const entry = (count: number): string => (count === 1 ? 'entry' : 'entries');
