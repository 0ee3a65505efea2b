import { Button } from '@mantine/core';
import { Users } from 'lucide-react';
import { Ago } from '../../components/moment.tsx';
import { Notice } from '../../components/notice.tsx';
import { currentLimits, type Policy } from './policy-draft.ts';
import { limitsInWords } from './policy-messages.ts';

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
  const who =
    updatedBy?.id === viewerId ? 'You (in another tab or browser)' : (updatedBy?.name ?? 'Someone else');
  return (
    <Notice
      tone="amber"
      role="alert"
      icon={<Users size={18} />}
      actions={
        <>
          <Button size="xs" variant="default" onClick={onUseTheirs}>
            Use theirs
          </Button>
          <Button size="xs" variant="default" onClick={onKeepMine}>
            Keep mine and review
          </Button>
        </>
      }
    >
      {who} saved a policy while you were editing
      {updatedAt && (
        <>
          , <Ago at={updatedAt} />
        </>
      )}
      : {limitsInWords(currentLimits(policy))}. Your changes are not saved.
    </Notice>
  );
}
