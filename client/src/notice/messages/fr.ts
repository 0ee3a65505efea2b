import { type NoticeTexts } from './texts.ts';

export const fr: NoticeTexts = {
  idle: 'Votre session se fermera à {time} pour cause d’inactivité.',
  absolute: 'Votre session atteint sa limite de {limit} à {time}. Elle ne peut pas être prolongée.',
  absoluteConfirm:
    'Votre session atteint sa limite de {limit} à {time}. Confirmez votre identité pour la prolonger.',
  lastMinuteTitle: 'Êtes-vous toujours là ?',
  lastMinuteCountdown: 'Déconnexion dans {countdown}.',
  stay: 'Prolonger la session',
  signOut: 'Se déconnecter',
  signIn: 'Se reconnecter',
  confirm: 'Confirmez votre identité',
  dismiss: 'Masquer cet avis',
  busy: 'Un instant…',
  unreachableUntil: 'Le serveur est injoignable. Vous pouvez réessayer jusqu’à {time}.',
  unreachable: 'Le serveur est injoignable. Votre session est toujours ouverte. Réessayez.',
  password: 'Mot de passe',
  confirmSubmit: 'Confirmer',
  notNow: 'Pas maintenant',
  passwordWrong: 'Mot de passe incorrect. Réessayez.',
  tryAgainInMinutes: {
    one: 'Trop de tentatives. Réessayez dans {count} minute.',
    other: 'Trop de tentatives. Réessayez dans {count} minutes.',
  },
  confirmFailed: 'La confirmation a échoué. Réessayez.',
  minutesLeft: {
    one: 'Votre session se fermera dans {count} minute.',
    other: 'Votre session se fermera dans {count} minutes.',
  },
  secondsLeft: {
    one: 'Votre session se fermera dans {count} seconde.',
    other: 'Votre session se fermera dans {count} secondes.',
  },
  stillSignedIn: 'Votre session est toujours ouverte.',
  titleOfTab: 'Fin de session',
  expiredIdle: 'Votre session a été fermée pour cause d’inactivité.',
  expiredAbsolute: 'Votre session a été fermée : elle a atteint sa limite.',
  revoked: 'Votre session a été fermée.',
};
