import { type NoticeTexts } from './texts.ts';

export const it: NoticeTexts = {
  idle: 'La sessione verrà chiusa alle {time} per inattività.',
  absolute: 'La sessione raggiunge il limite di {limit} alle {time}. Non può essere prolungata.',
  absoluteConfirm:
    'La sessione raggiunge il limite di {limit} alle {time}. Conferma la tua identità per prolungarla.',
  lastMinuteTitle: 'Ci sei ancora?',
  lastMinuteCountdown: 'Disconnessione tra {countdown}.',
  stay: 'Continua la sessione',
  signOut: 'Esci ora',
  signIn: 'Accedi ora',
  confirm: 'Conferma la tua identità',
  dismiss: 'Nascondi questo avviso',
  busy: 'Un momento…',
  unreachableUntil: 'Impossibile raggiungere il server. Puoi riprovare fino alle {time}.',
  unreachable: 'Impossibile raggiungere il server. La sessione è ancora attiva. Riprova.',
  password: 'Password',
  confirmSubmit: 'Conferma',
  notNow: 'Non ora',
  passwordWrong: 'Password errata. Riprova.',
  tryAgainInMinutes: {
    one: 'Troppi tentativi. Riprova tra {count} minuto.',
    other: 'Troppi tentativi. Riprova tra {count} minuti.',
  },
  confirmFailed: 'Conferma non riuscita. Riprova.',
  minutesLeft: {
    one: 'La sessione verrà chiusa tra {count} minuto.',
    other: 'La sessione verrà chiusa tra {count} minuti.',
  },
  secondsLeft: {
    one: 'La sessione verrà chiusa tra {count} secondo.',
    other: 'La sessione verrà chiusa tra {count} secondi.',
  },
  stillSignedIn: 'La sessione è ancora attiva.',
  titleOfTab: 'Fine sessione',
  expiredIdle: 'La sessione è stata chiusa per inattività.',
  expiredAbsolute: 'La sessione è stata chiusa perché ha raggiunto il suo limite.',
  revoked: 'La sessione è stata chiusa.',
};
