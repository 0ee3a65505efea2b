import { mailSender, smtpUrl } from '../mail-settings.ts';

export const mail = {
  SMTP_URL: smtpUrl()
    .optional()
    .describe(
      'The mail server that sends links to set a password: smtp://user:password@host (port 587, STARTTLS) or smtps://user:password@host (port 465). By default no mail is sent, and owners hand links over themselves.',
    ),
  MAIL_FROM: mailSender()
    .optional()
    .describe('The sender of mails, such as Curfew <no-reply@example.com>. Required with SMTP_URL.'),
};
