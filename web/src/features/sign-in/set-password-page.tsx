import { Button, Stack, Title } from '@mantine/core';
import { CircleCheck, Link2Off } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Notice } from '../../components/notice.tsx';
import { SignInLayout } from './sign-in-layout.tsx';
import { useLinkToken } from './use-link-token.ts';
import { Outcome } from './outcome.tsx';
import { SetPasswordForm } from './set-password-form.tsx';

/** The target of the one-time links for invitations and resets. The new session replaces an existing one here. */
export function SetPasswordPage() {
  const token = useLinkToken();
  return (
    <SignInLayout title="Set your password">
      {token === null ? <Incomplete /> : <Card key={token} token={token} />}
    </SignInLayout>
  );
}

type Phase =
  { kind: 'form' } | { kind: 'done'; email: string } | { kind: 'link-invalid'; mayHaveWorked: boolean };

function Card({ token }: { token: string }) {
  const [phase, setPhase] = useState<Phase>({ kind: 'form' });
  switch (phase.kind) {
    case 'form':
      return (
        <Stack gap="sm">
          <Title order={1}>Set your password</Title>
          <SetPasswordForm
            token={token}
            onDone={(email) => setPhase({ kind: 'done', email })}
            onLinkInvalid={(mayHaveWorked) => setPhase({ kind: 'link-invalid', mayHaveWorked })}
          />
        </Stack>
      );
    case 'done':
      return (
        <Outcome title="All set">
          <Notice tone="emerald" icon={<CircleCheck size={18} />}>
            Your password is set and you’re signed in as {phase.email}.
          </Notice>
          <Button component={Link} to="/account" replace size="md" fullWidth>
            Go to your account
          </Button>
        </Outcome>
      );
    case 'link-invalid':
      return (
        <Outcome title="This link no longer works">
          <Notice tone="amber" icon={<Link2Off size={18} />}>
            {phase.mayHaveWorked
              ? 'Your earlier attempt may have worked. Try to sign in with the new password. If you can’t, ask an owner of your account for a new link.'
              : 'It has expired or was already used. Ask an owner of your account for a new one.'}
          </Notice>
          <ToSignIn />
        </Outcome>
      );
  }
}

const Incomplete = () => (
  <Outcome title="This link is incomplete">
    <Notice tone="amber" icon={<Link2Off size={18} />}>
      Open the complete link from your invitation again, or ask an owner of your account for a new one.
    </Notice>
    <ToSignIn />
  </Outcome>
);

const ToSignIn = () => (
  <Button component={Link} to="/login" variant="default" size="md" fullWidth>
    Go to sign in
  </Button>
);
