import { type NoticeTexts } from './texts.ts';

export const de: NoticeTexts = {
  idle: 'Sie werden um {time} abgemeldet, weil Sie inaktiv waren.',
  absolute: 'Ihre Sitzung erreicht um {time} ihr {limit}-Limit. Es lässt sich nicht verlängern.',
  absoluteConfirm:
    'Ihre Sitzung erreicht um {time} ihr {limit}-Limit. Bestätigen Sie, dass Sie es sind, um angemeldet zu bleiben.',
  lastMinuteTitle: 'Sind Sie noch da?',
  lastMinuteCountdown: 'Abmeldung in {countdown}.',
  stay: 'Angemeldet bleiben',
  signOut: 'Jetzt abmelden',
  signIn: 'Jetzt anmelden',
  confirm: 'Bestätigen Sie, dass Sie es sind',
  dismiss: 'Hinweis ausblenden',
  busy: 'Einen Moment …',
  unreachableUntil: 'Der Server ist nicht erreichbar. Sie können es bis {time} erneut versuchen.',
  unreachable: 'Der Server ist nicht erreichbar. Sie sind weiterhin angemeldet. Versuchen Sie es erneut.',
  password: 'Passwort',
  confirmSubmit: 'Bestätigen',
  notNow: 'Nicht jetzt',
  passwordWrong: 'Falsches Passwort. Versuchen Sie es erneut.',
  tryAgainInMinutes: {
    one: 'Zu viele Versuche. Versuchen Sie es in {count} Minute erneut.',
    other: 'Zu viele Versuche. Versuchen Sie es in {count} Minuten erneut.',
  },
  confirmFailed: 'Die Bestätigung ist nicht gelungen. Versuchen Sie es erneut.',
  minutesLeft: {
    one: 'Sie werden in {count} Minute abgemeldet.',
    other: 'Sie werden in {count} Minuten abgemeldet.',
  },
  secondsLeft: {
    one: 'Sie werden in {count} Sekunde abgemeldet.',
    other: 'Sie werden in {count} Sekunden abgemeldet.',
  },
  stillSignedIn: 'Sie sind weiterhin angemeldet.',
  titleOfTab: 'Sitzung endet',
  expiredIdle: 'Sie wurden abgemeldet, weil Sie inaktiv waren.',
  expiredAbsolute: 'Sie wurden abgemeldet, weil Ihre Sitzung ihr Limit erreicht hat.',
  revoked: 'Sie wurden abgemeldet, weil Ihre Sitzung beendet wurde.',
  limits: { minute: '{count}-Minuten', hour: '{count}-Stunden', day: '{count}-Tage' },
};
