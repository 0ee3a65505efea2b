import { Button, Stack, Title } from '@mantine/core';
import { CircleCheck, Link2Off } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Notice } from '../../components/notice.tsx';
import { Gate } from './gate.tsx';
import { useLinkToken } from './link-token.ts';
import { Outcome } from './outcome.tsx';
import { SetPasswordForm } from './set-password-form.tsx';

/** Where the one-time links of invitations and resets lead. Whoever is signed in here already is replaced. */
export function SetPasswordPage() {
  const token = useLinkToken();
  return (
    <Gate title="Set your password">
      {token === null ? <Incomplete /> : <Card key={token} token={token} />}
    </Gate>
  );
}

type Phase =
  { kind: 'form' } | { kind: 'done'; email: string } | { kind: 'link-over'; mayHaveWorked: boolean };

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
            onLinkOver={(mayHaveWorked) => setPhase({ kind: 'link-over', mayHaveWorked })}
          />
        </Stack>
      );
    case 'done':
      return (
        <Outcome title="All set">
          <Notice tone="emerald" icon={<CircleCheck size={18} />}>
            Your password is set and you are signed in as {phase.email}.
          </Notice>
          <Button component={Link} to="/account" replace size="md" fullWidth>
            Go to your account
          </Button>
        </Outcome>
      );
    case 'link-over':
      return (
        <Outcome title="This link no longer works">
          <Notice tone="amber" icon={<Link2Off size={18} />}>
            {phase.mayHaveWorked
              ? 'Your earlier attempt may have got through: try to sign in with the new password. If that fails, ask an owner of your account for a new link.'
              : 'It has been used already, or it has expired. Ask an owner of your account for a new one.'}
          </Notice>
          <ToSignIn />
        </Outcome>
      );
  }
}

const Incomplete = () => (
  <Outcome title="This link is incomplete">
    <Notice tone="amber" icon={<Link2Off size={18} />}>
      Open the whole link from your invitation again, or ask an owner of your account for a new one.
    </Notice>
    <ToSignIn />
  </Outcome>
);

const ToSignIn = () => (
  <Button component={Link} to="/login" variant="default" size="md" fullWidth>
    Go to the sign-in
  </Button>
);
