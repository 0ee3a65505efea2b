import { clientId, clientSecret, microsoftTenant, providers, readRedirectUri } from '../providers.ts';
import { list, wholeNumber } from './formats.ts';

export const signIn = {
  LOGIN_FAILURES_PER_PAIR: wholeNumber(1)
    .prefault('10')
    .describe(
      'Failed sign-ins in 15 minutes of one e-mail from one address (IPv6: one /64), or from one browser that the e-mail has signed in from.',
    ),
  LOGIN_FAILURES_PER_EMAIL: wholeNumber(1)
    .prefault('100')
    .describe(
      'Failed sign-ins in 15 minutes of one e-mail from anywhere. Does not apply to browsers and networks that it signed in from within 30 days.',
    ),
  LOGIN_FAILURES_PER_ADDRESS: wholeNumber(1)
    .prefault('100')
    .describe('Failed sign-ins in 15 minutes from one address (IPv6: one /64).'),
  SENSITIVE_ACTION_MAX_AGE_SECONDS: wholeNumber(0)
    .prefault('900')
    .describe(
      'How long ago an owner may have signed in, or authenticated again, for a change of the policy, of people, of service keys or of event streams, for signing everyone out, and for an export. 0: as long as the session lasts.',
    ),
};

export const oidc = {
  OIDC_GOOGLE_CLIENT_ID: clientId().optional().describe('Sign-in with Google: the client id.'),
  OIDC_GOOGLE_CLIENT_SECRET: clientSecret().optional().describe('Sign-in with Google: the client secret.'),
  OIDC_MICROSOFT_CLIENT_ID: clientId().optional().describe('Sign-in with Microsoft: the application id.'),
  OIDC_MICROSOFT_CLIENT_SECRET: clientSecret()
    .optional()
    .describe('Sign-in with Microsoft: the client secret.'),
  OIDC_MICROSOFT_TENANT: microsoftTenant()
    .optional()
    .describe('Sign-in with Microsoft: the id of the one tenant whose users sign in.'),
  OIDC_PROVIDERS: providers()
    .optional()
    .describe(
      'Further identity providers: a JSON list of {"id","name","issuer","clientId","clientSecret"}. Ids consist of a-z, 0-9 and -. The lists "emailDomains" and "accountIds" limit the users that a provider may vouch for.',
    ),
  OIDC_REDIRECT_URIS: list(
    'comma separated URLs with a path, https or on loopback, written as a browser writes them, such as https://app.example.com/callback',
    readRedirectUri,
  )
    .optional()
    .describe(
      'The only allowed redirect URIs, comma separated, each exactly as registered at the provider. By default PUBLIC_URL/login/callback.',
    ),
};
