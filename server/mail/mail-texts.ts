import type { Mail } from './mail.ts';

export interface MailText {
  subject: string;
  text: string;
}

/** Longer names are cut: a name is a label here, not a place for a message to a stranger. */
const MAX_NAME_LENGTH = 80;

/**
 * A name on one line, so that it begins no header and no paragraph of its own, and without what mail programs turn into a
 * link: `https://a.example` becomes `https: //a. example`.
 */
function asLabel(name: string): string {
  const line = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/:(?=\/\/)/g, ': ')
    .replace(/(?<=\S)[.\u3002\uff0e\uff61](?=[\p{L}\p{N}])/gu, '. ')
    .trim();
  const characters = [...line];
  return characters.length <= MAX_NAME_LENGTH
    ? line
    : `${characters.slice(0, MAX_NAME_LENGTH - 1).join('')}…`;
}

/** What a mail says: plain text, without markup, pictures or anything that tells who has read it. */
export function textOf(mail: Mail, publicUrl: string): MailText {
  const account = asLabel(mail.accountName);
  switch (mail.kind) {
    case 'invitation': {
      const by = asLabel(mail.by);
      const role = mail.role === 'OWNER' ? 'an owner' : 'a member';
      return letter(`${by} invited you to ${account}`, [
        `${by} invited you to ${account} as ${role}.`,
        `Set a password to sign in:\n${mail.link}`,
        LIFETIME,
        `If you don't know ${by} or ${account}, ignore this mail. Nothing happens unless the link is used.`,
      ]);
    }
    case 'password_link':
      return letter(`Set your password for ${account}`, [
        `${asLabel(mail.by)}, an owner of ${account}, created a link with which you set a new password:\n${mail.link}`,
        LIFETIME,
        CONSEQUENCE,
        "If you didn't expect this, don't use the link, and ask an owner of the account about it.",
      ]);
    case 'forgotten_password':
      return letter(`Set your password for ${account}`, [
        `Someone asked for a link to set a new password for your sign-in to ${account}. If that was you, use it here:\n${mail.link}`,
        LIFETIME,
        CONSEQUENCE,
        "If that wasn't you, ignore this mail. Nothing has changed, and only you were sent the link.",
      ]);
    case 'password_changed':
      return letter(`Your password for ${account} was changed`, [
        `The password of your sign-in to ${account} was changed, and your other sessions were signed out.`,
        `If that was you, there is nothing to do.`,
        `If that wasn't you, set a new password at once with "Forgot your password?" at ${publicUrl}/login, and tell an owner of the account.`,
      ]);
  }
}

const LIFETIME = 'The link works once, for 24 hours.';
const CONSEQUENCE =
  'A new password signs you out everywhere else. Until you set one, nothing changes: a password that you have stays valid.';

const letter = (subject: string, paragraphs: string[]): MailText => ({
  subject,
  text: `${paragraphs.join('\n\n')}\n`,
});
