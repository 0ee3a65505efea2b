import { Button } from '@mantine/core';
import { Users } from 'lucide-react';
import { Ago } from '../../components/moment.tsx';
import { Notice } from '../../components/notice.tsx';
import { limitsInForce, type Policy } from './policy-draft.ts';
import { limitsInWords } from './policy-words.ts';

interface ConflictNoticeProps {
  /** As it was saved meanwhile. */
  policy: Policy;
  viewerId: string;
  onUseTheirs(): void;
  onKeepMine(): void;
}

/** Somebody saved while this draft was made. Nothing is lost: one of the two is chosen here. */
export function ConflictNotice({ policy, viewerId, onUseTheirs, onKeepMine }: ConflictNoticeProps) {
  const { updatedAt, updatedBy } = policy;
  const who = updatedBy?.id === viewerId ? 'You, in another place,' : (updatedBy?.name ?? 'Somebody else');
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
      : {limitsInWords(limitsInForce(policy))}. Yours is not saved.
    </Notice>
  );
}
