import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Text } from '@mantine/core';
import { ChevronLeft, ChevronRight, ScrollText } from 'lucide-react';
import { type ComponentType, lazy, Suspense, useRef } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import type { AuditEntryFragment } from '../../generated/audit-operations.ts';
import { entries } from '../../lib/count.ts';
import { loadTexts } from '../../lib/language.ts';
import { AuditExportMenu } from '../exports/audit-export-menu.tsx';
import { Entries } from '../trail/entries.tsx';
import { isSessionEnd } from '../trail/entry-kind.ts';
import { FilterBar } from './filter-bar.tsx';
import type { useFilters } from './filters.ts';
import { useTrail } from './use-trail.ts';
import classes from './audit-card.module.css';

/** Loaded with the first entry that needs it. Where that fails the trail stays, without these buttons. */
const ExplainEnd = lazy<ComponentType<{ entry: AuditEntryFragment }>>(() =>
  Promise.all([import('../explanation/explain-end.tsx'), loadTexts(['explanation'])]).then(
    ([{ ExplainEnd }]) => ({ default: ExplainEnd }),
    () => ({ default: () => null }),
  ),
);

/** The audit trail of the account. For owners. */
export function AuditCard({ filtering }: { filtering: ReturnType<typeof useFilters> }) {
  const { t } = useLingui();
  const { filters, isFiltered } = filtering;
  const trail = useTrail(filters);
  const list = useRef<HTMLDivElement>(null);
  /** Moves the focus to the list, because the pressed button may disappear. */
  const thenFocusList = (action: (() => void) | null) => () => {
    if (!action) return;
    action();
    list.current?.focus();
  };

  return (
    <Panel
      title={t`Audit trail`}
      icon={<ScrollText size={20} />}
      intro={
        <Trans>
          Entries can’t be changed. When a person is deleted, their name, e-mail and addresses are removed
          from them.
        </Trans>
      }
      actions={<AuditExportMenu from={filters.from} to={filters.to} />}
    >
      <FilterBar {...filtering} />
      {/* Has a fixed height, so that nothing moves when new entries are offered. */}
      <div role="status" className={classes.newEntries}>
        <Text size="sm" c="dimmed">
          {trail.page && entries(trail.page.totalCount)}
        </Text>
        {trail.newEntries > 0 && (
          <Button variant="light" size="xs" onClick={thenFocusList(trail.showNewEntries)}>
            <NewEntries count={trail.newEntries} mayBeMore={trail.mayBeMore} />
          </Button>
        )}
      </div>
      <div ref={list} tabIndex={-1} className={classes.list} aria-busy={trail.isStale}>
        <Loadable query={{ data: trail.page, error: trail.error, refetch: trail.refetch }} lines={6}>
          {(page) =>
            page.edges.length === 0 ? (
              <Empty>
                {isFiltered ? (
                  <Trans>No entries match this filter.</Trans>
                ) : (
                  <Trans>There are no entries yet.</Trans>
                )}
              </Empty>
            ) : (
              <Entries
                entries={page.edges.map(({ node }) => node)}
                label={t`Audit trail`}
                action={(entry) =>
                  isSessionEnd(entry) && (
                    <Suspense>
                      <ExplainEnd entry={entry} />
                    </Suspense>
                  )
                }
              />
            )
          }
        </Loadable>
      </div>
      {(trail.newer ?? trail.older) && (
        <Group justify="flex-end" gap="sm" mt="md">
          <Text size="sm" c="dimmed" role="status">
            <Trans>Page {trail.number}</Trans>
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
              <Trans>Newer</Trans>
            </Button>
            <Button
              variant="default"
              size="xs"
              rightSection={<ChevronRight size={14} aria-hidden />}
              aria-disabled={!trail.older}
              className={classes.turn}
              onClick={thenFocusList(trail.older)}
            >
              <Trans>Older</Trans>
            </Button>
          </Group>
        </Group>
      )}
    </Panel>
  );
}

function NewEntries({ count, mayBeMore }: { count: number; mayBeMore: boolean }) {
  return mayBeMore ? (
    <Plural value={count} one="# new entry or more. Show" other="# new entries or more. Show" />
  ) : (
    <Plural value={count} one="# new entry. Show" other="# new entries. Show" />
  );
}
