import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { History } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { useOnDemand } from '../../components/use-on-demand.ts';
import { problemMessage } from '../../lib/problem.ts';
import { ComparisonSection } from './comparison-section.tsx';
import { useComparison } from './use-comparison.ts';
import { useVersions } from './use-versions.ts';
import type { Version } from './version-change.ts';
import { VersionRow } from './version-row.tsx';
import classes from './versions-panel.module.css';

/** The id of the panel, for links to it. */
export const VERSIONS = 'versions';
const PAGE_SIZE = 20;
/** The largest page of the server, for a link to a comparison of earlier versions. */
const MAX_PAGE_SIZE = 100;

const loadDialog = async () => (await import('./restore-dialog.tsx')).RestoreDialog;

/** Every version of the policy, with what it differs in from another, and a way back to it. */
export function VersionsPanel() {
  const { t, i18n } = useLingui();
  const [compared, compare] = useComparison();
  const [pageSize] = useState(compared === null ? PAGE_SIZE : MAX_PAGE_SIZE);
  const { versions, total, error, isLoadingMore, failure, showMore, refetch } = useVersions(pageSize);
  const { loaded: RestoreDialog, load } = useOnDemand(loadDialog);
  const [restoring, setRestoring] = useState<Version | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  // A link from another page: there was nothing to scroll to before.
  const { hash } = useLocation();
  const isLoaded = versions !== undefined;
  useEffect(() => {
    if (isLoaded && hash === `#${VERSIONS}`) document.getElementById(VERSIONS)?.scrollIntoView();
  }, [isLoaded, hash]);

  return (
    <div id={VERSIONS}>
      <Panel
        title={t`Versions of the policy`}
        icon={<History size={20} />}
        intro={<Trans>Every save is a version, kept as long as the account.</Trans>}
      >
        <Loadable query={{ data: versions, error, refetch }} lines={6}>
          {(versions) => {
            const current = versions[0];
            if (!current)
              return (
                <Empty>
                  <Trans>No policy was saved yet. The default limits of this server apply.</Trans>
                </Empty>
              );
            const [shownCount, totalCount] = [i18n.number(versions.length), i18n.number(total)];
            return (
              <>
                {versions.length > 1 && (
                  <ComparisonSection
                    heading={heading}
                    versions={versions}
                    comparison={compared ?? { before: versions[1]!.version, after: current.version }}
                    onCompare={compare}
                  />
                )}
                <ul className={classes.versions} aria-label={t`Versions of the policy`}>
                  {versions.map((version, index) => {
                    const other = index === 0 ? versions[1] : current;
                    return (
                      <VersionRow
                        key={version.version}
                        version={version}
                        isCurrent={index === 0}
                        onCompare={
                          other &&
                          (() => {
                            const pair = [version.version, other.version];
                            compare({ before: Math.min(...pair), after: Math.max(...pair) });
                            heading.current?.focus();
                          })
                        }
                        onRestore={
                          index === 0
                            ? undefined
                            : () => void load().then((isThere) => isThere && setRestoring(version))
                        }
                      />
                    );
                  })}
                </ul>
                {failure && failure.kind !== 'session-over' && <Failure text={problemMessage(failure)} />}
                {showMore && (
                  <Button
                    variant="default"
                    size="sm"
                    mt="md"
                    aria-disabled={isLoadingMore}
                    onClick={() => void showMore()}
                  >
                    {isLoadingMore ? <Trans>Loading…</Trans> : t`Show more (${shownCount} of ${totalCount})`}
                  </Button>
                )}
                {RestoreDialog && (
                  <RestoreDialog
                    version={restoring}
                    current={current}
                    onReload={refetch}
                    onClose={() => setRestoring(null)}
                  />
                )}
              </>
            );
          }}
        </Loadable>
      </Panel>
    </div>
  );
}
