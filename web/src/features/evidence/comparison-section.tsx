import { Trans, useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { type RefObject, useId } from 'react';
import type { Comparison } from './use-comparison.ts';
import type { Version } from './version-change.ts';
import { VersionDifference } from './version-difference.tsx';
import classes from './comparison-section.module.css';

interface ComparisonSectionProps {
  /** Receives the focus when a version of the list is compared. */
  heading: RefObject<HTMLHeadingElement | null>;
  versions: readonly Version[];
  comparison: Comparison;
  onCompare(comparison: Comparison): void;
}

/** What differs between two versions. */
export function ComparisonSection({ heading, versions, comparison, onCompare }: ComparisonSectionProps) {
  const { t, i18n } = useLingui();
  const id = useId();
  const [before, after] = [comparison.before, comparison.after].map((number) =>
    versions.find(({ version }) => version === number),
  );
  const day = new Intl.DateTimeFormat(i18n.locales ?? i18n.locale, { dateStyle: 'medium' });
  const options = versions.map(({ version, createdAt }) => {
    const date = day.format(new Date(createdAt));
    return { value: String(version), label: t`Version ${version}, ${date}` };
  });
  const select = (label: string, name: keyof Comparison, version: Version | undefined) => (
    <NativeSelect
      label={label}
      className={classes.choice}
      value={version === undefined ? '' : String(version.version)}
      data={version === undefined ? [{ value: '', label: t`Choose a version` }, ...options] : options}
      onChange={({ currentTarget: { value } }) => {
        if (value !== '') onCompare({ ...comparison, [name]: Number(value) });
      }}
    />
  );
  return (
    <section aria-labelledby={id} className={classes.section}>
      <h3 id={id} ref={heading} tabIndex={-1} className={classes.heading}>
        <Trans>Compare versions</Trans>
      </h3>
      <div className={classes.choices}>
        {select(t`From version`, 'before', before)}
        {select(t`To version`, 'after', after)}
      </div>
      <div role="status" className={classes.difference}>
        {before && after ? (
          <VersionDifference before={before} after={after} />
        ) : (
          <Trans>This version is not in the list below.</Trans>
        )}
      </div>
    </section>
  );
}
