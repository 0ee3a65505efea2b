import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Users } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Ago } from '../../components/moment.tsx';
import { Notice } from '../../components/notice.tsx';
import { useToast } from '../../components/toasts.tsx';
import { EvidenceStandardsDocument } from '../../generated/evidence-operations.ts';
import type { PolicyApplication, UpdateSessionPolicyInput } from '../../generated/policy-operations.ts';
import { ApplyChoice } from '../policy-effect/apply-choice.tsx';
import { usePolicyImpact } from '../policy-effect/use-policy-impact.ts';
import { isConflict, refusedInWords, restoredInWords } from './restore-words.ts';
import { useRestore } from './use-restore.ts';
import type { Version } from './version-change.ts';
import { VersionDifference } from './version-difference.tsx';
import classes from './restore-dialog.module.css';

interface RestoreDialogProps {
  /** Null while the dialog is closed. */
  version: Version | null;
  current: Version;
  onReload(): Promise<unknown>;
  onClose(): void;
}

/** Shows what a restore changes and does to current sessions, asks when it takes effect, and restores. */
export function RestoreDialog({ version, current, onReload, onClose }: RestoreDialogProps) {
  const { t } = useLingui();
  const showToast = useToast();
  const [apply, setApply] = useState<PolicyApplication>('NEXT_LOGIN');
  const { isBusy, problem, restore, clear } = useRestore(onReload);
  const { data } = useQuery(EvidenceStandardsDocument, { fetchPolicy: 'cache-only' });
  const impact = usePolicyImpact(version && inputOf(version));
  // Keeps the text while the dialog fades out.
  const [last, setLast] = useState(version);
  if (version !== null && version !== last) setLast(version);

  const close = () => {
    clear();
    setApply('NEXT_LOGIN');
    onClose();
  };
  async function confirm({ version: from }: Version) {
    const restored = await restore({ version: from, apply, expectedVersion: current.version });
    if (!restored) return;
    showToast(restoredInWords(from, apply, restored));
    close();
  }

  const isEnding = apply === 'ACTIVE_SESSIONS' && (impact.counts?.endNow ?? 0) > 0;
  const label = !isEnding
    ? t`Restore`
    : impact.counts?.endsViewerSession
      ? t`Restore and sign me out`
      : t`Restore and end them`;
  const number = last?.version ?? 0;
  // Mounted before it opens: only then can it return the focus to where it was.
  return (
    <ConfirmDialog
      opened={version !== null}
      title={t`Restore version ${number}?`}
      confirmLabel={label}
      busyLabel={t`Restoring…`}
      isBusy={isBusy}
      size="lg"
      isDangerous={isEnding}
      failure={refusedInWords(problem ?? impact.refusal, number)}
      onConfirm={() => last && void confirm(last)}
      onClose={close}
    >
      {last && (
        <div className={classes.content}>
          {isConflict(problem) && <Conflict current={current} />}
          <p>
            <Trans>The policy becomes that of version {number} again, as a new version. This changes:</Trans>
          </p>
          <VersionDifference before={current} after={last} />
          <ApplyChoice
            apply={apply}
            impact={impact}
            standards={data?.sessionPolicy.standards ?? []}
            onChoose={setApply}
          />
        </div>
      )}
    </ConfirmDialog>
  );
}

/** Someone saved a policy while the dialog was open. What it shows is already about theirs. */
function Conflict({ current: { version, createdAt, createdBy } }: { current: Version }) {
  const { t } = useLingui();
  const who = createdBy?.name ?? t`Someone else`;
  return (
    <Notice tone="amber" role="alert" icon={<Users size={18} />}>
      <Trans>
        {who} saved version {version} in the meantime, <Ago at={createdAt} />. Nothing was restored. Below is
        what would change now.
      </Trans>
    </Notice>
  );
}

/** The policy of a version, to try it. */
const inputOf = (version: Version): UpdateSessionPolicyInput => ({
  idleMinutes: version.idleMinutes,
  absoluteMinutes: version.absoluteMinutes,
  rules: version.rules.map(({ role, appType, idleMinutes, absoluteMinutes }) => ({
    role,
    appType,
    idleMinutes,
    absoluteMinutes,
  })),
  maxSessionsPerUser: version.maxSessionsPerUser,
  sessionLimitAction: version.sessionLimitAction,
});
