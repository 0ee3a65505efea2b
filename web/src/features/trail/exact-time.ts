/**
 * Date and time to the second: `29 Nov 2026, 14:32:05`. As the server has it, also where this computer's clock is wrong: an
 * export and a date that is filtered by have the same.
 */
export const exactTime = (moment: Date, locales: string | string[]): string =>
  new Intl.DateTimeFormat(locales, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(
    moment,
  );
