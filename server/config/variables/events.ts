import { trueOrFalse, wholeNumber } from './formats.ts';

export const events = {
  EVENT_ALLOW_PRIVATE_ADDRESSES: trueOrFalse()
    .prefault('false')
    .describe(
      'Whether owners may have security events sent to addresses that are not public, and issuers of events looked up there, also over http: for receivers and transmitters in your own network, where you trust every owner with it.',
    ),
  EVENT_RETENTION_DAYS: wholeNumber(1, 36_500)
    .prefault('30')
    .describe('How long deliveries of security events are kept, and how long a paused stream holds them.'),
};
