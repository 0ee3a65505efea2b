import { Plural, Trans } from '@lingui/react/macro';
import { countOf, type Told } from './told.ts';

export function SignedIn({
  who,
  whom,
  isOwn,
  isApplication,
  details,
  hasSubject,
}: Told & { hasSubject: boolean }) {
  if (isApplication)
    return (
      <Trans>
        {whom} signed in to {who}
      </Trans>
    );
  const isPanel = details.app_type !== 'TENANT_APP';
  if (isOwn || !hasSubject)
    return isPanel ? (
      <Trans>{who} signed in to the control panel</Trans>
    ) : (
      <Trans>{who} signed in to an application</Trans>
    );
  return isPanel ? (
    <Trans>
      {who} signed {whom} in to the control panel
    </Trans>
  ) : (
    <Trans>
      {who} signed {whom} in to an application
    </Trans>
  );
}

export function AuthenticatedAgain({
  who,
  whom,
  isOwn,
  isApplication,
  hasSubject,
}: Told & { hasSubject: boolean }) {
  if (isApplication)
    return (
      <Trans>
        {whom} confirmed who they are in {who}
      </Trans>
    );
  const one = isOwn || !hasSubject ? who : whom;
  return <Trans>{one} confirmed who they are</Trans>;
}

export function SessionEnded({
  who,
  whom,
  isOwn,
  isApplication,
  details,
  hasSubject,
}: Told & { hasSubject: boolean }) {
  switch (details.reason) {
    case 'LOGOUT':
      if (isApplication)
        return (
          <Trans>
            {whom} signed out of {who}
          </Trans>
        );
      return isOwn || !hasSubject ? (
        <Trans>{who} signed out</Trans>
      ) : (
        <Trans>
          {who} signed {whom} out
        </Trans>
      );
    case 'REVOKED_BY_USER':
      return <Trans>{who} ended one of their other sessions</Trans>;
    default:
      return isOwn ? (
        <Trans>{who} was signed out of one session</Trans>
      ) : (
        <Trans>
          {who} signed {whom} out of one session
        </Trans>
      );
  }
}

export function EveryoneSignedOut({ who, details }: Told) {
  const count = countOf(details.revoked_count);
  const isOthers = details.scope === 'others';
  if (count === null)
    return isOthers ? (
      <Trans>{who} signed out everyone else</Trans>
    ) : (
      <Trans>{who} signed out everyone including themselves</Trans>
    );
  return isOthers ? (
    <Trans>
      {who} signed out everyone else:{' '}
      <Plural value={count} _0="no sessions were left" one="# session" other="# sessions" />
    </Trans>
  ) : (
    <Trans>
      {who} signed out everyone including themselves:{' '}
      <Plural value={count} _0="no sessions were left" one="# session" other="# sessions" />
    </Trans>
  );
}

export function SignedOutEverywhere({ who, whom, isOwn, details }: Told) {
  const count = countOf(details.revoked_count);
  if (count === null)
    return isOwn ? (
      <Trans>{who} signed out everywhere</Trans>
    ) : (
      <Trans>
        {who} signed {whom} out everywhere
      </Trans>
    );
  return isOwn ? (
    <Trans>
      {who} signed out everywhere:{' '}
      <Plural value={count} _0="no sessions were left" one="# session" other="# sessions" />
    </Trans>
  ) : (
    <Trans>
      {who} signed {whom} out everywhere:{' '}
      <Plural value={count} _0="no sessions were left" one="# session" other="# sessions" />
    </Trans>
  );
}
