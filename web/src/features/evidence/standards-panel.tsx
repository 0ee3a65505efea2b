import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor, VisuallyHidden } from '@mantine/core';
import { BadgeCheck, CircleCheck, CircleMinus, CircleX, ExternalLink, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { EvidenceStandardsDocument, type Verdict } from '../../generated/evidence-operations.ts';
import {
  actualInWords,
  type Check,
  checkVerdictInWords,
  limitInWords,
  type Standard,
  summaryOf,
  verdictInWords,
} from './verdict-words.ts';
import { usePolicyNews } from './use-policy-news.ts';
import classes from './standards-panel.module.css';

/** What standards say about the limits of the policy that applies now. */
export function StandardsPanel() {
  const { t } = useLingui();
  const query = useQuery(EvidenceStandardsDocument);
  usePolicyNews(query.refetch);
  return (
    <Panel
      title={t`Standards`}
      icon={<BadgeCheck size={20} />}
      intro={
        <Trans>
          Each limit counts by its longest value: the policy’s own, and that of every rule. The verdicts are
          about time limits only. A standard asks for much more.
        </Trans>
      }
    >
      <Loadable query={query} lines={9}>
        {({ sessionPolicy: { standards, version } }) => (
          <>
            <p className={classes.summary}>
              <strong>{summaryOf(standards)}</strong>{' '}
              <span className={classes.soft}>
                {version === 0 ? <Trans>No policy was saved yet.</Trans> : <Trans>Version {version}</Trans>}
              </span>
            </p>
            <ul className={classes.standards} aria-label={t`Standards`}>
              {standards.map((standard) => (
                <StandardCard key={standard.id} {...standard} />
              ))}
            </ul>
          </>
        )}
      </Loadable>
    </Panel>
  );
}

/** Titles and requirements are in English, like the standards. */
function StandardCard({ title, revision, url, verdict, checks }: Standard) {
  return (
    <li className={classes.standard}>
      <div className={classes.head}>
        <h3 className={classes.title} lang="en">
          {title}
        </h3>
        <Mark verdict={verdict}>{verdictInWords(verdict)}</Mark>
      </div>
      <p className={classes.source}>
        <Trans>Revision:</Trans> <span lang="en">{revision}</span>{' '}
        <Anchor href={url} target="_blank" rel="noopener noreferrer" underline="always" inherit>
          <Trans>Source</Trans>
          <VisuallyHidden>
            {' '}
            <Trans>
              of <span lang="en">{title}</span>, in a new tab
            </Trans>
          </VisuallyHidden>
          <ExternalLink size={13} aria-hidden />
        </Anchor>
      </p>
      <ul className={classes.checks}>
        {checks.map((check) => (
          <CheckRow key={`${check.clause} ${check.text}`} {...check} />
        ))}
      </ul>
    </li>
  );
}

function CheckRow(check: Check) {
  const { clause, text, level, verdict } = check;
  const actual = actualInWords(check);
  const isRequired = level === 'REQUIRED';
  return (
    <li className={classes.check}>
      <Mark verdict={verdict} isAdvice={!isRequired}>
        {checkVerdictInWords(verdict)}
      </Mark>
      <div>
        <p className={classes.text}>
          <strong>{clause}</strong> <span lang="en">{text}</span>{' '}
          <span className={classes.level}>
            {isRequired ? <Trans>Required</Trans> : <Trans>Recommended</Trans>}
          </span>
        </p>
        <p className={classes.soft}>
          <span>{`${limitInWords(check)}.`}</span> <Trans>This policy: {actual}.</Trans>
        </p>
      </div>
    </li>
  );
}

interface MarkProps {
  verdict: Verdict;
  /** Only recommended: to miss it is no fault. */
  isAdvice?: boolean;
  children: ReactNode;
}

function Mark({ verdict, isAdvice, children }: MarkProps) {
  const isMissed = verdict === 'MISSES';
  const tone = isMissed ? (isAdvice ? 'advice' : 'missed') : verdict === 'MEETS' ? 'met' : 'neutral';
  const Icon = ICONS[tone];
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={16} aria-hidden />
      <span>{children}</span>
    </span>
  );
}

const ICONS = { met: CircleCheck, missed: CircleX, advice: TriangleAlert, neutral: CircleMinus };
