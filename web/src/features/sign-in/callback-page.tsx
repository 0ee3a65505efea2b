import { Button, Loader, Stack, Text, Title } from '@mantine/core';
import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, Navigate } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Delayed } from '../../components/delayed.tsx';
import { Failure } from '../../components/failure.tsx';
import { Notice, type Tone } from '../../components/notice.tsx';
import { Gate } from './gate.tsx';
import { type AuthProvider, lastJourney } from './journey.ts';
import classes from './named-button.module.css';
import { Onward } from './onward.tsx';
import { Outcome } from './outcome.tsx';
import type { ProviderRefusal } from './provider-refusal.ts';
import { wordsFor } from './provider-words.ts';
import { safeNext, signInAddress } from './sign-in-address.ts';
import { useCompletion } from './use-completion.ts';
import { useProviderSignIn } from './use-provider-sign-in.ts';

/** Where identity providers send the browser back to. Whoever is signed in here already is replaced. */
export function CallbackPage() {
  const completion = useCompletion();
  // As it was when the page was opened: a completed sign-in forgets it.
  const [journey] = useState(lastJourney);
  const next = safeNext(journey?.next ?? null, location.origin);
  switch (completion.kind) {
    case 'nothing':
      return <Navigate to={signInAddress(null, next)} replace />;
    case 'under-way':
    case 'done':
      return (
        <Gate title="Signing in">
          {/* This stays until the next page is there. */}
          {completion.kind === 'done' && <Onward to={next} />}
          <Progress />
        </Gate>
      );
    case 'refused':
      return (
        <Gate title="Sign in">
          <Refusal refusal={completion.refusal} provider={journey?.provider ?? null} next={next} />
        </Gate>
      );
  }
}

const Progress = () => (
  <Stack gap="md">
    <Title order={1}>Signing you in</Title>
    <Text c="dimmed" role="status">
      One moment, this is being checked.
    </Text>
    <Delayed>
      <Loader type="dots" aria-hidden />
    </Delayed>
  </Stack>
);

interface RefusalProps {
  refusal: ProviderRefusal;
  /** Whom this tab went to; null where another browser did. */
  provider: AuthProvider | null;
  next: string;
}

/** Long enough to read why. */
const BEFORE_GOING_MS = 5_000;

function Refusal({ refusal, provider, next }: RefusalProps) {
  const { status } = useSession();
  const { goingTo, failure, go } = useProviderSignIn(next);
  const { title, text, tone } = wordsFor(refusal, provider?.name ?? null);
  const isOnlyWay = provider === null && refusal.kind !== 'once-more';
  const onceMore = refusal.kind === 'once-more' ? refusal.authorizationUrl : null;

  useEffect(() => {
    if (onceMore === null) return;
    const timer = setTimeout(() => location.assign(onceMore), BEFORE_GOING_MS);
    return () => clearTimeout(timer);
  }, [onceMore]);

  return (
    <Outcome title={title}>
      <Notice tone={tone} role="alert" icon={ICONS[tone]}>
        {text}
      </Notice>
      {failure && <Failure text={failure} />}
      {onceMore !== null ? (
        <Button component="a" href={onceMore} size="md" fullWidth>
          Go there now
        </Button>
      ) : (
        provider && (
          <Button
            size="md"
            fullWidth
            className={classes.named}
            aria-disabled={goingTo !== null}
            onClick={() => go(provider, { asAnother: refusal.kind === 'not-invited' })}
          >
            {goingTo ? `Going to ${goingTo.name}…` : againWith(provider, refusal)}
          </Button>
        )
      )}
      <Button
        component={Link}
        to={signInAddress(null, next)}
        variant={isOnlyWay ? 'filled' : 'default'}
        size="md"
        fullWidth
      >
        {status === 'active' ? 'Go on as before' : 'Back to the sign-in'}
      </Button>
    </Outcome>
  );
}

const againWith = ({ name }: AuthProvider, { kind }: ProviderRefusal): string =>
  kind === 'not-invited' ? `Use another account at ${name}` : `Try again with ${name}`;

const ICONS: Partial<Record<Tone, ReactNode>> = {
  neutral: <Info size={18} />,
  cyan: <Info size={18} />,
  amber: <TriangleAlert size={18} />,
  red: <CircleX size={18} />,
};
