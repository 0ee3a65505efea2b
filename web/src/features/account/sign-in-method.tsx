import { Trans } from '@lingui/react/macro';
import type { AccountSessionFragment } from '../../generated/account-operations.ts';

type Session = Pick<AccountSessionFragment, 'authenticationMethod' | 'authenticationProvider'>;

/** How the user signed in. Nothing where it is not known. */
export function SignInMethod({ authenticationMethod: method, authenticationProvider: provider }: Session) {
  switch (method) {
    case 'PASSWORD':
      return <Trans>By password</Trans>;
    case 'PASSWORD_LINK':
      return <Trans>By a one-time link</Trans>;
    case 'OIDC':
      return provider ? <Trans>With {provider}</Trans> : <Trans>With an identity provider</Trans>;
    case 'SERVICE':
      return <Trans>In an application</Trans>;
    default:
      return null;
  }
}
