import { type NoticeTexts } from './texts.ts';

export const nl: NoticeTexts = {
  idle: 'U wordt om {time} afgemeld omdat u niet actief was.',
  absolute: 'Uw sessie bereikt om {time} de limiet van {limit}. Verlengen is niet mogelijk.',
  absoluteConfirm:
    'Uw sessie bereikt om {time} de limiet van {limit}. Bevestig dat u het bent om aangemeld te blijven.',
  lastMinuteTitle: 'Bent u er nog?',
  lastMinuteCountdown: 'U wordt over {countdown} afgemeld.',
  stay: 'Aangemeld blijven',
  signOut: 'Nu afmelden',
  signIn: 'Nu aanmelden',
  confirm: 'Bevestig dat u het bent',
  dismiss: 'Deze melding verbergen',
  busy: 'Een ogenblik…',
  unreachableUntil: 'De server is niet bereikbaar. U kunt het tot {time} opnieuw proberen.',
  unreachable: 'De server is niet bereikbaar. U bent nog aangemeld. Probeer het opnieuw.',
  password: 'Wachtwoord',
  confirmSubmit: 'Bevestigen',
  notNow: 'Niet nu',
  passwordWrong: 'Onjuist wachtwoord. Probeer het opnieuw.',
  tryAgainInMinutes: {
    one: 'Te veel pogingen. Probeer het over {count} minuut opnieuw.',
    other: 'Te veel pogingen. Probeer het over {count} minuten opnieuw.',
  },
  confirmFailed: 'Bevestigen is niet gelukt. Probeer het opnieuw.',
  minutesLeft: {
    one: 'U wordt over {count} minuut afgemeld.',
    other: 'U wordt over {count} minuten afgemeld.',
  },
  secondsLeft: {
    one: 'U wordt over {count} seconde afgemeld.',
    other: 'U wordt over {count} seconden afgemeld.',
  },
  stillSignedIn: 'U bent nog aangemeld.',
  titleOfTab: 'Sessie eindigt',
  expiredIdle: 'U bent afgemeld omdat u niet actief was.',
  expiredAbsolute: 'U bent afgemeld omdat uw sessie de limiet heeft bereikt.',
  revoked: 'U bent afgemeld omdat uw sessie is beëindigd.',
};
