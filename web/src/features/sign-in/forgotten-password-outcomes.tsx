import { Trans, useLingui } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { Info, Mail } from 'lucide-react';
import { Notice } from '../../components/notice.tsx';
import { Outcome } from './outcome.tsx';
import { ToSignIn } from './to-sign-in.tsx';

export function LinkSent() {
  const { t } = useLingui();
  return (
    <Outcome title={t`Check your mail`}>
      <Notice tone="cyan" icon={<Mail size={18} />}>
        <Trans>
          If there is a person with this e-mail, a link is on its way. It works once, for 24 hours.
        </Trans>
      </Notice>
      <Text size="sm" c="dimmed">
        <Trans>
          No mail? Look in your spam folder, or ask again after a few minutes. If you sign in with an identity
          provider, there is no password here: use its button on the sign-in page.
        </Trans>
      </Text>
      <ToSignIn />
    </Outcome>
  );
}

export function AskOwner() {
  const { t } = useLingui();
  return (
    <Outcome title={t`Forgot your password?`}>
      <Notice tone="neutral" icon={<Info size={18} />}>
        <Trans>Ask an owner of your account for a new link.</Trans>
      </Notice>
      <ToSignIn />
    </Outcome>
  );
}
