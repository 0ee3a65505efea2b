import { type NoticeTexts } from './texts.ts';

export const es: NoticeTexts = {
  idle: 'Su sesión se cerrará a las {time} por inactividad.',
  absolute: 'Su sesión alcanza su límite de {limit} a las {time}. No se puede prolongar.',
  absoluteConfirm:
    'Su sesión alcanza su límite de {limit} a las {time}. Confirme que es usted para mantenerla abierta.',
  lastMinuteTitle: '¿Sigue ahí?',
  lastMinuteCountdown: 'Su sesión se cerrará en {countdown}.',
  stay: 'Mantener la sesión',
  signOut: 'Cerrar sesión ahora',
  signIn: 'Iniciar sesión ahora',
  confirm: 'Confirme que es usted',
  dismiss: 'Ocultar este aviso',
  busy: 'Un momento…',
  unreachableUntil: 'No se pudo conectar con el servidor. Puede volver a intentarlo hasta las {time}.',
  unreachable: 'No se pudo conectar con el servidor. Su sesión sigue abierta. Vuelva a intentarlo.',
  password: 'Contraseña',
  confirmSubmit: 'Confirmar',
  notNow: 'Ahora no',
  passwordWrong: 'Contraseña incorrecta. Inténtelo de nuevo.',
  tryAgainInMinutes: {
    one: 'Demasiados intentos. Vuelva a intentarlo dentro de {count} minuto.',
    other: 'Demasiados intentos. Vuelva a intentarlo dentro de {count} minutos.',
  },
  confirmFailed: 'No se pudo confirmar. Inténtelo de nuevo.',
  minutesLeft: {
    one: 'Su sesión se cerrará dentro de {count} minuto.',
    other: 'Su sesión se cerrará dentro de {count} minutos.',
  },
  secondsLeft: {
    one: 'Su sesión se cerrará dentro de {count} segundo.',
    other: 'Su sesión se cerrará dentro de {count} segundos.',
  },
  stillSignedIn: 'Su sesión sigue abierta.',
  titleOfTab: 'La sesión termina',
  expiredIdle: 'Su sesión se cerró por inactividad.',
  expiredAbsolute: 'Su sesión se cerró porque alcanzó su límite.',
  revoked: 'Su sesión se ha cerrado.',
};
