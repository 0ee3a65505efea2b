/** A text for each category of `Intl.PluralRules` that the language has for whole numbers up to 3600. `{count}` stands for the number. */
export type PluralText = { other: string } & Partial<Record<'one' | 'few' | 'many', string>>;

/**
 * The texts of the notice in one language. `{time}` is a time of day, `{limit}` a duration in the form of `limits`,
 * `{countdown}` minutes and seconds (`4:59`), `{name}` a name. A text may leave out what it does not need.
 */
export interface NoticeTexts {
  /** Warns of the idle limit. */
  idle: string;
  /** Warns of the absolute limit, which nothing moves. */
  absolute: string;
  /** Warns of the absolute limit, which a new authentication moves. */
  absoluteConfirm: string;
  lastMinuteTitle: string;
  lastMinuteCountdown: string;
  stay: string;
  signOut: string;
  /** Leads to a new sign-in, also once the session is over. */
  signIn: string;
  confirm: string;
  dismiss: string;
  /** In place of the text of a button during its call. */
  busy: string;
  /** Stay could not be sent. */
  unreachableUntil: string;
  /** Anything else could not be sent. */
  unreachable: string;
  password: string;
  confirmSubmit: string;
  notNow: string;
  passwordWrong: string;
  /** After too many wrong passwords. */
  tryAgainInMinutes: PluralText;
  confirmFailed: string;
  /** Spoken by screen readers. */
  minutesLeft: PluralText;
  secondsLeft: PluralText;
  stillSignedIn: string;
  /** In the title of a tab in the background, after the countdown. */
  titleOfTab: string;
  expiredIdle: string;
  expiredAbsolute: string;
  revoked: string;
  /** How a limit is written in this language before or after its word for it. By default as `Intl.NumberFormat` writes the unit. */
  limits?: { minute: string; hour: string; day: string };
}
