import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Users } from 'lucide-react';
import { Ago } from '../../components/moment.tsx';
import { Notice } from '../../components/notice.tsx';
import { FurtherPolicy } from './further-policy.tsx';
import { currentLimits, type Policy } from './policy-draft.ts';
import { limitsInWords } from '../policy-words/limits-in-words.ts';

interface ConflictNoticeProps {
  /** The policy saved by someone else. */
  policy: Policy;
  viewerId: string;
  onUseTheirs(): void;
  onKeepMine(): void;
}

/** Shown when the policy was saved elsewhere during editing. The user chooses which version to keep. */
export function ConflictNotice({ policy, viewerId, onUseTheirs, onKeepMine }: ConflictNoticeProps) {
  const { updatedAt, updatedBy } = policy;
  const { t } = useLingui();
  const limits = limitsInWords(currentLimits(policy));
  const who = updatedBy?.name ?? t`Someone else`;
  const isOwn = updatedBy?.id === viewerId;
  return (
    <Notice
      tone="amber"
      role="alert"
      icon={<Users size={18} />}
      actions={
        <>
          <Button size="xs" variant="default" onClick={onUseTheirs}>
            <Trans>Use theirs</Trans>
          </Button>
          <Button size="xs" variant="default" onClick={onKeepMine}>
            <Trans>Keep mine and review</Trans>
          </Button>
        </>
      }
    >
      {isOwn ? (
        <Trans>
          You saved a policy in another tab or browser while you were editing, <When at={updatedAt} />:{' '}
          {limits}. Your changes are not saved.
        </Trans>
      ) : (
        <Trans>
          {who} saved a policy while you were editing, <When at={updatedAt} />: {limits}. Your changes are not
          saved.
        </Trans>
      )}
      <FurtherPolicy policy={policy} />
    </Notice>
  );
}

const When = ({ at }: { at: string | null }) => at && <Ago at={at} />;
