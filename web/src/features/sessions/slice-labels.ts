const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const weekday = new Intl.DateTimeFormat('en', { weekday: 'short' });

const DAY_MS = 86_400_000;

/** Labels of a chart's times on this computer's clock, with the weekday where the chart spans several days. */
export function sliceLabels(
  startsAt: Date,
  endsAt: Date,
): {
  moment(at: Date): string;
  span(from: Date, to: Date): string;
} {
  const isLong = endsAt.getTime() - startsAt.getTime() > DAY_MS;
  const startDay = startsAt.toDateString();
  const moment = (at: Date): string => {
    const hasDay = isLong || at.toDateString() !== startDay;
    return hasDay ? `${weekday.format(at)} ${time.format(at)}` : time.format(at);
  };
  return {
    moment,
    span: (from, to) =>
      from.toDateString() === to.toDateString()
        ? `${moment(from)} to ${time.format(to)}`
        : `${moment(from)} to ${moment(to)}`,
  };
}
