import { type NoticeTexts } from './texts.ts';

export const pt: NoticeTexts = {
  idle: 'Sua sessão será encerrada às {time} por inatividade.',
  absolute: 'Sua sessão atinge o limite de {limit} às {time}. Ela não pode ser prolongada.',
  absoluteConfirm: 'Sua sessão atinge o limite de {limit} às {time}. Confirme que é você para continuar.',
  lastMinuteTitle: 'Você ainda está aí?',
  lastMinuteCountdown: 'Sua sessão será encerrada em {countdown}.',
  stay: 'Continuar a sessão',
  signOut: 'Sair agora',
  signIn: 'Entrar agora',
  confirm: 'Confirme que é você',
  dismiss: 'Ocultar este aviso',
  busy: 'Um momento…',
  unreachableUntil: 'Não foi possível acessar o servidor. Você pode tentar de novo até as {time}.',
  unreachable: 'Não foi possível acessar o servidor. Sua sessão continua aberta. Tente de novo.',
  password: 'Senha',
  confirmSubmit: 'Confirmar',
  notNow: 'Agora não',
  passwordWrong: 'Senha incorreta. Tente de novo.',
  tryAgainInMinutes: {
    one: 'Muitas tentativas. Tente de novo em {count} minuto.',
    other: 'Muitas tentativas. Tente de novo em {count} minutos.',
  },
  confirmFailed: 'Não foi possível confirmar. Tente de novo.',
  minutesLeft: {
    one: 'Sua sessão será encerrada em {count} minuto.',
    other: 'Sua sessão será encerrada em {count} minutos.',
  },
  secondsLeft: {
    one: 'Sua sessão será encerrada em {count} segundo.',
    other: 'Sua sessão será encerrada em {count} segundos.',
  },
  stillSignedIn: 'Sua sessão continua aberta.',
  titleOfTab: 'Fim da sessão',
  expiredIdle: 'Sua sessão foi encerrada por inatividade.',
  expiredAbsolute: 'Sua sessão foi encerrada porque atingiu o limite.',
  revoked: 'Sua sessão foi encerrada.',
};
