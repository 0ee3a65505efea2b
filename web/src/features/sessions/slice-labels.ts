import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';

const DAY_MS = 86_400_000;

/** Labels of a chart's times on this computer's clock, with the weekday where the chart spans several days. */
export function sliceLabels(
  startsAt: Date,
  endsAt: Date,
): {
  moment(at: Date): string;
  span(from: Date, to: Date): string;
} {
  const locales = i18n.locales ?? i18n.locale;
  const time = new Intl.DateTimeFormat(locales, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const weekday = new Intl.DateTimeFormat(locales, { weekday: 'short' });
  const isLong = endsAt.getTime() - startsAt.getTime() > DAY_MS;
  const startDay = startsAt.toDateString();
  const moment = (at: Date): string => {
    const hasDay = isLong || at.toDateString() !== startDay;
    return hasDay ? `${weekday.format(at)} ${time.format(at)}` : time.format(at);
  };
  return {
    moment,
    span(from, to) {
      const start = moment(from);
      const end = from.toDateString() === to.toDateString() ? time.format(to) : moment(to);
      return t`${start} to ${end}`;
    },
  };
}
