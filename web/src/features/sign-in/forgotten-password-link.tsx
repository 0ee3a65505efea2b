import { Trans } from '@lingui/react/macro';
import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

interface ForgottenPasswordLinkProps {
  /** Null until it is known whether Curfew sends mails. */
  isByMail: boolean | null;
  /** As typed so far. */
  email: string;
}

/** What to do without the password: a mail, or else an owner, who makes a link. */
export function ForgottenPasswordLink({ isByMail, email }: ForgottenPasswordLinkProps) {
  if (isByMail === null) return null;
  return (
    <Text size="sm" ta="center">
      {isByMail ? (
        <Anchor component={Link} to="/login/forgot" state={{ email }} inherit>
          <Trans>Forgot your password?</Trans>
        </Anchor>
      ) : (
        <Text span inherit c="dimmed">
          <Trans>Forgot your password? Ask an owner of your account for a new link.</Trans>
        </Text>
      )}
    </Text>
  );
}
