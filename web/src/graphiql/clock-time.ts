const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `14:32`. GraphiQL loads no catalog of the dashboard. */
export const clockTime = (moment: Date): string => time.format(moment);
