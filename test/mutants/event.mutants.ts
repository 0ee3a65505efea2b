import type { Mutant } from './mutant.ts';

const DISPATCH = 'server/event-streams/dispatch.sql.ts';
const TRIGGERS = 'migrations/migration-20261130180000-event-stream-upkeep.ts';
const AUDIT_TRIGGERS = 'migrations/migration-20261130130000-event-streams.ts';
const DELIVERY = 'test/event-streams/delivery.test.ts';
const NODES = 'test/event-streams/nodes.test.ts';
const EVENTS = 'test/event-streams/events.test.ts';

/** Security events: every end has one, at least once, in order for its session, signed. */
export const eventMutants: readonly Mutant[] = [
  {
    covers: ['I27'],
    breaks: 'The end of a session is delivered before its start, which has failed',
    file: DISPATCH,
    find: 'from due where due.id = (${headOf(sql`due`)}))',
    replace: 'from due)',
    test: DELIVERY,
    name: 'what follows in a session waits for what has failed, and other sessions do not',
  },
  {
    covers: ['I27'],
    breaks: 'The end of a session writes no event',
    file: TRIGGERS,
    find: "new.account_id, 'session.ended', new.id, new.user_id,",
    replace: "null, 'session.ended', new.id, new.user_id,",
    changesDatabase: true,
    test: EVENTS,
    within: 'on PostgreSQL',
    name: 'many ends at once give one event for each session, also in batches',
    failsWith: /Not in time/,
  },
  {
    covers: ['I27'],
    breaks: 'A delivery that has failed counts as made',
    file: 'server/event-streams/judge-answer.ts',
    find: 'if (isTaken(status))',
    replace: 'if (isTaken(status) || status >= 400)',
    test: 'server/event-streams/webhook.test.ts',
    name: 'an answer with status %i is %s',
    isSample: true,
  },
  {
    covers: ['I27'],
    breaks: 'The signature leaves out the time',
    file: 'server/event-streams/webhook.ts',
    find: 'const signed = `${delivery.id}.${timestamp}.${body}`;',
    replace: 'const signed = `${delivery.id}.${body}`;',
    test: 'server/event-streams/webhook.test.ts',
    name: 'a published library of Standard Webhooks verifies the signature',
    isSample: true,
  },
  {
    covers: ['I27'],
    breaks: 'A name that leads into a private network is connected to',
    file: 'server/event-streams/public-address.ts',
    find: 'if (!addresses.every(({ address }) => isPublicAddress(address)))',
    replace: 'if (!addresses.some(({ address }) => isPublicAddress(address)))',
    test: 'server/event-streams/public-address.test.ts',
    name: 'a name with the addresses %p and %p is refused',
  },
  {
    covers: ['I27'],
    breaks: 'A redirect counts as taken',
    file: 'server/event-streams/judge-answer.ts',
    find: 'if (isTaken(status))',
    replace: 'if (isTaken(status) || (status >= 300 && status < 400))',
    test: 'server/event-streams/webhook.test.ts',
    name: 'an answer with status %i is %s',
  },
  {
    covers: ['I27'],
    breaks: 'A change of the policy writes no event',
    file: AUDIT_TRIGGERS,
    find: "(new.action = 'account.session_policy_update')",
    replace: '(false)',
    changesDatabase: true,
    test: EVENTS,
    within: 'on PostgreSQL',
    name: 'an expiry is an end like any other',
    failsWith: /Not in time/,
  },
  {
    covers: ['I27'],
    breaks: 'A changed password writes no event',
    file: AUDIT_TRIGGERS,
    find: "'user.password_changed', ",
    replace: '',
    changesDatabase: true,
    test: EVENTS,
    within: 'on PostgreSQL',
    name: 'a used token, a changed password, and a person who comes and goes',
    failsWith: /Not in time/,
  },
  {
    covers: ['I27'],
    breaks: 'A paused stream drops its events',
    file: 'migrations/migration-20261130140000-security-event-tokens.ts',
    find: `coalesce(case when names_users_only(s) then person::text end, session, person::text, account::text), moment
        from event_streams s
        where s.account_id = account and s.status <> 'DISABLED'`,
    replace: `coalesce(case when names_users_only(s) then person::text end, session, person::text, account::text), moment
        from event_streams s
        where s.account_id = account and s.status = 'ENABLED'`,
    changesDatabase: true,
    test: DELIVERY,
    name: 'a paused stream holds its events, and they come when it goes on',
  },
  {
    covers: ['I27'],
    breaks: 'A delivery counts as made once a node has it in hand',
    file: DISPATCH,
    find: 'update event_deliveries d set due_at = ${at(addSeconds(now, LEASE_SECONDS))},',
    replace:
      "update event_deliveries d set status = 'DELIVERED', due_at = ${at(addSeconds(now, LEASE_SECONDS))},",
    test: NODES,
    name: 'what a node had in hand when it was killed arrives from the other one after the lease, with the same id',
    failsWith: /Not in time/,
  },
  {
    covers: ['I27'],
    breaks: 'What a node has in hand does not hold back what follows in its session',
    file: DISPATCH,
    find: "and e.status = 'PENDING'",
    replace: "and e.status = 'PENDING' and e.lease_id is null",
    test: DELIVERY,
    name: 'what follows in a session waits until what is in hand was taken, and other events do not',
  },
];
