import type { AuthenticationMethod } from '../generated/schema.ts';

/** How the user of a session signed in. */
export interface Authentication {
  method: AuthenticationMethod;
  /** Of the identity provider, with OIDC. */
  providerId?: string;
}

const METHODS: Readonly<Record<AuthenticationMethod, true>> = {
  PASSWORD: true,
  PASSWORD_LINK: true,
  OIDC: true,
  SERVICE: true,
};

/** The method as a row has it. Null: the row has none, or one that only a newer version knows. */
export const toAuthenticationMethod = (text: string | null): AuthenticationMethod | null =>
  text !== null && Object.hasOwn(METHODS, text) ? (text as AuthenticationMethod) : null;
