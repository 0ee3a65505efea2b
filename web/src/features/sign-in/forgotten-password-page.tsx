import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { AskOwner, LinkSent } from './forgotten-password-outcomes.tsx';
import { ForgottenPasswordForm } from './forgotten-password-form.tsx';
import { SignInLayout } from './sign-in-layout.tsx';
import { useSignInOptions } from './use-sign-in-options.ts';

/** Asks for a link by mail. What it says does not depend on who has an account. */
export function ForgottenPasswordPage() {
  const { t } = useLingui();
  const { passwordResetByMail } = useSignInOptions();
  const [outcome, setOutcome] = useState<'sent' | 'no-mail' | null>(null);
  return (
    <SignInLayout title={t`Forgot your password?`}>
      {outcome === 'no-mail' || passwordResetByMail === false ? (
        <AskOwner />
      ) : outcome === 'sent' ? (
        <LinkSent />
      ) : (
        <ForgottenPasswordForm onSent={() => setOutcome('sent')} onNoMail={() => setOutcome('no-mail')} />
      )}
    </SignInLayout>
  );
}
