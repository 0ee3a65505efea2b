import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link2Off } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Notice } from '../../components/notice.tsx';
import { Outcome } from './outcome.tsx';
import { ToSignIn } from './to-sign-in.tsx';
import { useSignInOptions } from './use-sign-in-options.ts';

interface DeadLinkProps {
  /** `maybe-used`: an earlier attempt got no response and may have used the link. */
  why: 'over' | 'maybe-used' | 'incomplete';
}

/** Says that a link does not work, and how to get another one: by mail, where Curfew sends mails. */
export function DeadLink({ why }: DeadLinkProps) {
  const { t } = useLingui();
  const { passwordResetByMail } = useSignInOptions();
  return (
    <Outcome title={why === 'incomplete' ? t`This link is incomplete` : t`This link no longer works`}>
      <Notice tone="amber" icon={<Link2Off size={18} />}>
        {passwordResetByMail ? BY_MAIL[why] : BY_OWNER[why]}
      </Notice>
      {passwordResetByMail && (
        <Button component={Link} to="/login/forgot" size="md" fullWidth>
          <Trans>Get a new link</Trans>
        </Button>
      )}
      <ToSignIn />
    </Outcome>
  );
}

const BY_OWNER: Record<DeadLinkProps['why'], ReactNode> = {
  over: <Trans>It has expired or was already used. Ask an owner of your account for a new one.</Trans>,
  'maybe-used': (
    <Trans>
      Your earlier attempt may have worked. Try to sign in with the new password. If you can’t, ask an owner
      of your account for a new link.
    </Trans>
  ),
  incomplete: (
    <Trans>
      Open the complete link from your invitation again, or ask an owner of your account for a new one.
    </Trans>
  ),
};

const BY_MAIL: Record<DeadLinkProps['why'], ReactNode> = {
  over: <Trans>It has expired or was already used. We can send you a new one.</Trans>,
  'maybe-used': (
    <Trans>
      Your earlier attempt may have worked. Try to sign in with the new password. If you can’t, we can send
      you a new link.
    </Trans>
  ),
  incomplete: <Trans>Open the complete link from your mail again. We can also send you a new one.</Trans>,
};
