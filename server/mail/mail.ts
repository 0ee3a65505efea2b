import type { Role } from '../generated/schema.ts';

interface ToPerson {
  /** The address that the person signs in with. */
  to: string;
  accountName: string;
}

interface WithLink extends ToPerson {
  /** Sets a password, once, for 24 hours. */
  link: string;
}

/** A mail that Curfew sends. `by`: the owner whose doing it is. */
export type Mail =
  | ({ kind: 'invitation'; by: string; role: Role } & WithLink)
  | ({ kind: 'password_link'; by: string } & WithLink)
  | ({ kind: 'forgotten_password' } & WithLink)
  | ({ kind: 'password_changed' } & ToPerson);

export type MailKind = Mail['kind'];

export interface Mailer {
  /** False: no SMTP server is set, and `send` takes nothing. */
  readonly isConfigured: boolean;
  /**
   * Takes a mail and sends it later: never waits and never throws. False: it is not sent, because there is no SMTP server,
   * because too many mails are waiting, or because Curfew is stopping.
   */
  send(mail: Mail): boolean;
}
