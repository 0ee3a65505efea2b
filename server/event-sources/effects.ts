/** What an event does to the user whom it names. */
export type Effect = 'end' | 'disable' | 'enable';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';

const EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  [`${CAEP}session-revoked`, 'end'],
  // What transmitters sent before CAEP, and some still do.
  [`${RISC}sessions-revoked`, 'end'],
  [`${CAEP}credential-change`, 'end'],
  [`${RISC}credential-compromise`, 'end'],
  [`${RISC}account-disabled`, 'disable'],
  [`${RISC}account-enabled`, 'enable'],
]);

/** Null: an event that changes nothing here, a verification among them. */
export const effectOf = (eventType: string): Effect | null => EFFECTS.get(eventType) ?? null;

/** The last part of an event's URI, as the audit trail has it. */
export const eventName = (eventType: string): string => eventType.slice(eventType.lastIndexOf('/') + 1);
