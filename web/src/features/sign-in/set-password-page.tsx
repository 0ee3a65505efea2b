import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Loader, Stack, Text, Title } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Delayed } from '../../components/delayed.tsx';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import { problemMessage } from '../../lib/problem.ts';
import { DeadLink } from './dead-link.tsx';
import { Outcome } from './outcome.tsx';
import { SetPasswordForm } from './set-password-form.tsx';
import { SignInLayout } from './sign-in-layout.tsx';
import { useLinkToken } from './use-link-token.ts';
import { type LinkOwner, useOpenedLink } from './use-opened-link.ts';

/** The target of the one-time links for invitations and resets. The new session replaces an existing one here. */
export function SetPasswordPage() {
  const { t } = useLingui();
  const token = useLinkToken();
  return (
    <SignInLayout title={t`Set your password`}>
      {token === null ? <DeadLink why="incomplete" /> : <Card key={token} token={token} />}
    </SignInLayout>
  );
}

function Card({ token }: { token: string }) {
  const { opened, openAgain } = useOpenedLink(token);
  switch (opened.kind) {
    case 'opening':
      return <Opening />;
    case 'live':
      return <LiveLink token={token} owner={opened.owner} />;
    case 'dead':
      return <DeadLink why="over" />;
    case 'failed':
      return (
        <Stack gap="md">
          <Heading />
          <Failure text={problemMessage(opened.problem)} />
          <Button size="md" fullWidth onClick={openAgain}>
            <Trans>Try again</Trans>
          </Button>
        </Stack>
      );
  }
}

const Heading = () => (
  <Title order={1}>
    <Trans>Set your password</Trans>
  </Title>
);

const Opening = () => (
  <Stack gap="md">
    <Heading />
    <Text c="dimmed" role="status">
      <Trans>Checking your link…</Trans>
    </Text>
    <Delayed>
      <Loader type="dots" aria-hidden />
    </Delayed>
  </Stack>
);

type Phase =
  { kind: 'form' } | { kind: 'done'; email: string } | { kind: 'link-invalid'; mayHaveWorked: boolean };

function LiveLink({ token, owner }: { token: string; owner: LinkOwner }) {
  const { t } = useLingui();
  const [phase, setPhase] = useState<Phase>({ kind: 'form' });
  switch (phase.kind) {
    case 'form':
      return (
        <Stack gap="sm">
          <Heading />
          <ForWhom owner={owner} />
          <SetPasswordForm
            token={token}
            onDone={(email) => setPhase({ kind: 'done', email })}
            onLinkInvalid={(mayHaveWorked) => setPhase({ kind: 'link-invalid', mayHaveWorked })}
          />
        </Stack>
      );
    case 'done':
      return (
        <Outcome title={t`All set`}>
          <Notice tone="emerald" icon={<CircleCheck size={18} />}>
            <Trans>Your password is set and you’re signed in as {phase.email}.</Trans>
          </Notice>
          <Button component={Link} to="/account" replace size="md" fullWidth>
            <Trans>Go to your account</Trans>
          </Button>
        </Outcome>
      );
    case 'link-invalid':
      return <DeadLink why={phase.mayHaveWorked ? 'maybe-used' : 'over'} />;
  }
}

/** So that a person sees at once when a link was meant for someone else. */
function ForWhom({ owner: { name, email, accountName, role } }: { owner: LinkOwner }) {
  return (
    <Text style={{ overflowWrap: 'anywhere' }}>
      <Text span inherit fw={600}>
        {name}
      </Text>{' '}
      <span>{`(${email})`}</span>
      <br />
      {role === 'OWNER' ? <Trans>Owner of {accountName}</Trans> : <Trans>Member of {accountName}</Trans>}
    </Text>
  );
}
