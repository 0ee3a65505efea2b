import { z } from 'zod';
import { database, redis } from './variables/database.ts';
import { events } from './variables/events.ts';
import { http } from './variables/http.ts';
import { mail } from './variables/mail.ts';
import { operation } from './variables/operation.ts';
import { expiry, policy } from './variables/sessions.ts';
import { oidc, signIn } from './variables/sign-in.ts';
import { tokens } from './variables/tokens.ts';

export type { TrustProxy } from './variables/http.ts';

/** The variables in the order of `.env.example`. */
export const groups = [
  { title: 'HTTP', variables: http },
  { title: 'Database', variables: database },
  { title: 'Several nodes', variables: redis },
  { title: 'Tokens', variables: tokens },
  { title: 'Limits of a session, in minutes', variables: policy },
  { title: 'Warnings, sweeping and retention', variables: expiry },
  { title: 'Sign-in throttling, and authenticating again', variables: signIn },
  { title: 'Identity providers (OpenID Connect)', variables: oidc },
  { title: 'Mail', variables: mail },
  { title: 'Security events', variables: events },
  { title: 'Operation', variables: operation },
] as const;

export const environment = z.object({
  ...http,
  ...database,
  ...redis,
  ...tokens,
  ...policy,
  ...expiry,
  ...signIn,
  ...oidc,
  ...mail,
  ...events,
  ...operation,
});

export type Variable = keyof typeof environment.shape;
/** The values of the variables with their defaults, before the rules between variables. */
export type Environment = z.output<typeof environment>;
