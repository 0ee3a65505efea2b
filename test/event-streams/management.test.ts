import { sql } from 'kysely';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import {
  createStream,
  CREATE_STREAM,
  DELETE_STREAM,
  listDeliveries,
  LIST_DELIVERIES,
  LIST_STREAMS,
  readStream,
  REDELIVER,
  REDELIVER_DEAD,
  ROTATE_SECRET,
  SEND_TEST,
  sendTest,
  updateStream,
  UPDATE_STREAM,
} from './stream-calls.ts';

const URL_OF_RECEIVER = 'https://hooks.example.com/curfew?token=of-the-receiver';
const ALL_TYPES = [
  'session.started',
  'session.ended',
  'session.refresh_reuse_detected',
  'policy.updated',
  'user.deactivated',
  'user.reactivated',
  'user.password_changed',
  'test',
];
const AUDIT = `{ auditEvents(first: 100) { edges { node { action actorName resourceType resourceId details } } } }`;

let app: TestApp;
let account: SeededAccount;
let owner: SignedIn;

beforeAll(async () => {
  app = await startApp();
});
beforeEach(async () => {
  account = await app.seed.account();
  owner = await account.owner.login();
});
afterAll(() => app.close());

const create = (input: Record<string, unknown>) =>
  owner.gql(CREATE_STREAM, { input: { kind: 'WEBHOOK', url: URL_OF_RECEIVER, ...input } });

const trailOf = async (streamId: string): Promise<any[]> =>
  (await owner.gql(AUDIT)).data.auditEvents.edges
    .map(({ node }: any) => node)
    .filter(({ resourceId }: any) => resourceId === streamId);

test('a webhook has its secret once, and no row and no trail has it or the path of the address', async () => {
  const { secret, stream } = await createStream(owner, { url: URL_OF_RECEIVER, description: ' Shop ' });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(stream).toEqual({
    id: expect.any(String),
    kind: 'WEBHOOK',
    url: URL_OF_RECEIVER,
    description: 'Shop',
    eventTypes: ALL_TYPES,
    subjectFormat: 'COMPLEX',
    status: 'ENABLED',
    statusReason: null,
    createdAt: app.clock.now().toISOString(),
    lastDeliveredAt: null,
    failingSince: null,
    pendingCount: 0,
    audience: 'https://hooks.example.com',
  });
  expect((await owner.gql(LIST_STREAMS)).data.eventStreams).toEqual([stream]);
  const { rows } = await sql<{ text: string }>`
    select event_streams::text as text from event_streams where id = ${stream.id}`.execute(
    app.database.em().getKysely(),
  );
  expect(rows[0]!.text).not.toContain(secret.slice('whsec_'.length));
  const trail = await trailOf(stream.id);
  expect(trail).toMatchObject([
    { action: 'event_stream.created', resourceType: 'event_stream', details: { kind: 'WEBHOOK' } },
  ]);
  expect(JSON.stringify(trail)).not.toMatch(/of-the-receiver|whsec_/);
});

test.each([
  ['no address', { url: null }, 'url', 'REQUIRED'],
  ['a text that is no URL', { url: 'hooks' }, 'url', 'MALFORMED'],
  ['another scheme', { url: 'ftp://hooks.example.com/' }, 'url', 'MALFORMED'],
  ['a password in the address', { url: 'https://a:b@hooks.example.com/' }, 'url', 'MALFORMED'],
  ['a very long address', { url: `https://hooks.example.com/${'a'.repeat(2000)}` }, 'url', 'MALFORMED'],
  ['http', { url: 'http://hooks.example.com/' }, 'url', 'NOT_HTTPS'],
  ['this machine', { url: 'https://localhost/' }, 'url', 'PRIVATE_ADDRESS'],
  ['a private address', { url: 'https://10.0.0.1/' }, 'url', 'PRIVATE_ADDRESS'],
  ['an address in another notation', { url: 'https://0x7f000001/' }, 'url', 'PRIVATE_ADDRESS'],
  ['an IPv4-mapped address', { url: 'https://[::ffff:169.254.169.254]/' }, 'url', 'PRIVATE_ADDRESS'],
  ['a NAT64 address', { url: 'https://[64:ff9b::a00:1]/' }, 'url', 'PRIVATE_ADDRESS'],
  ['no type', { eventTypes: [] }, 'eventTypes', 'REQUIRED'],
  ['an unknown type', { eventTypes: ['session.ended', 'session.paused'] }, 'eventTypes', 'UNKNOWN'],
  ['a long description', { description: 'a'.repeat(201) }, 'description', 'OUT_OF_BOUNDS'],
  ['an audience with a space', { audience: 'a b' }, 'audience', 'OUT_OF_BOUNDS'],
  ['an SSF stream without an address', { kind: 'SSF_PUSH', url: null }, 'url', 'REQUIRED'],
  [
    'a logout stream on this machine',
    { kind: 'BACK_CHANNEL_LOGOUT', url: 'https://[::1]/' },
    'url',
    'PRIVATE_ADDRESS',
  ],
  ['a poll stream with an address', { kind: 'SSF_POLL' }, 'url', 'NOT_ALLOWED'],
  [
    'a type of webhooks for tokens',
    { kind: 'SSF_PUSH', eventTypes: ['session.ended'] },
    'eventTypes',
    'UNKNOWN',
  ],
  [
    'a type of webhooks for logouts',
    { kind: 'BACK_CHANNEL_LOGOUT', eventTypes: ['session.started'] },
    'eventTypes',
    'UNKNOWN',
  ],
])('%s is refused and changes nothing', async (_, input, field, reason) => {
  expect(await create(input)).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field, reason } });
  expect((await owner.gql(LIST_STREAMS)).data.eventStreams).toEqual([]);
});

test('an account has at most 20 streams', async () => {
  for (let count = 0; count < 20; count += 1) expect((await create({})).errors).toBeUndefined();
  expect(await create({})).toMatchObject({
    code: 'BAD_USER_INPUT',
    extensions: { reason: 'TOO_MANY', max: 20 },
  });
});

test('an update changes what is given, and the trail says what', async () => {
  const { stream } = await createStream(owner, { url: URL_OF_RECEIVER, description: 'Shop' });
  const eventTypes = ['session.ended', 'session.started', 'session.ended'];
  const { data } = await updateStream(owner, { streamId: stream.id, eventTypes, status: 'PAUSED' });
  expect(data.updateEventStream).toEqual({
    ...stream,
    eventTypes: ['session.started', 'session.ended'],
    status: 'PAUSED',
  });
  const refused = await updateStream(owner, { streamId: stream.id, url: 'https://127.0.0.1/' });
  expect(refused.extensions).toMatchObject({ field: 'url', reason: 'PRIVATE_ADDRESS' });
  const cleared = await updateStream(owner, { streamId: stream.id, description: null, eventTypes: null });
  expect(cleared.data.updateEventStream).toMatchObject({ description: null, eventTypes: ALL_TYPES });
  const trail = await trailOf(stream.id);
  expect(trail.find(({ details }) => details.new?.status === 'PAUSED')).toMatchObject({
    action: 'event_stream.updated',
    details: {
      old: { event_types: null, status: 'ENABLED' },
      new: { event_types: ['session.started', 'session.ended'], status: 'PAUSED' },
    },
  });
});

test('a deleted stream is gone, and so are its deliveries for the owner', async () => {
  const { stream } = await createStream(owner, { url: URL_OF_RECEIVER });
  await updateStream(owner, { streamId: stream.id, status: 'PAUSED' });
  const delivery = await sendTest(owner, stream.id);
  expect((await owner.gql(DELETE_STREAM, { streamId: stream.id })).data.deleteEventStream).toBe(true);
  for (const answer of [
    await owner.gql(DELETE_STREAM, { streamId: stream.id }),
    await owner.gql(LIST_DELIVERIES, { streamId: stream.id }),
    await owner.gql(REDELIVER, { deliveryId: delivery.id }),
  ])
    expect(answer.code).toBe('NOT_FOUND');
  expect((await trailOf(stream.id)).map(({ action }) => action)).toContain('event_stream.deleted');
});

test('owners of another account find nothing, and members may do nothing', async () => {
  const { stream } = await createStream(owner, { url: URL_OF_RECEIVER, eventTypes: ['test'] });
  await updateStream(owner, { streamId: stream.id, status: 'PAUSED' });
  const delivery = await sendTest(owner, stream.id);
  const stranger = await (await app.seed.account()).owner.login();
  const member = await (await account.addUser()).login();
  const streamId = stream.id;
  const calls: [string, Record<string, unknown>][] = [
    [UPDATE_STREAM, { input: { streamId, description: 'x' } }],
    [DELETE_STREAM, { streamId }],
    [ROTATE_SECRET, { streamId }],
    [SEND_TEST, { streamId }],
    [REDELIVER_DEAD, { streamId }],
    [REDELIVER, { deliveryId: delivery.id }],
    [LIST_DELIVERIES, { streamId }],
  ];
  for (const [document, variables] of calls) {
    expect((await stranger.gql(document, variables)).code).toBe('NOT_FOUND');
    expect((await member.gql(document, variables)).code).toBe('FORBIDDEN');
  }
  expect((await stranger.gql(LIST_STREAMS)).data.eventStreams).toEqual([]);
  expect((await member.gql(LIST_STREAMS)).code).toBe('FORBIDDEN');
  expect(await readStream(owner, streamId)).toMatchObject({ description: null, pendingCount: 1 });
});

test('deliveries come in pages, newest first, by status', async () => {
  const { stream } = await createStream(owner, { url: URL_OF_RECEIVER });
  await updateStream(owner, { streamId: stream.id, status: 'PAUSED' });
  const sent = [];
  for (let count = 0; count < 3; count += 1) sent.push((await sendTest(owner, stream.id)).id);
  const page = await owner.gql(LIST_DELIVERIES, { streamId: stream.id, first: 2 });
  const { edges, pageInfo, totalCount } = page.data.eventDeliveries;
  expect(edges.map(({ node }: any) => node.id)).toEqual([sent[2], sent[1]]);
  expect([pageInfo.hasNextPage, totalCount]).toEqual([true, 3]);
  const rest = await listDeliveries(owner, stream.id, { after: pageInfo.endCursor });
  expect(rest.map(({ id }) => id)).toEqual([sent[0]]);
  expect(rest[0]).toMatchObject({ eventType: 'test', status: 'PENDING', attempts: 0, nextAttemptAt: null });
  expect(await listDeliveries(owner, stream.id, { status: 'DEAD' })).toEqual([]);
  const forged = await owner.gql(LIST_DELIVERIES, { streamId: stream.id, after: 'forged' });
  expect(forged.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
});

test('at most ten test events of a stream wait', async () => {
  const { stream } = await createStream(owner, { url: URL_OF_RECEIVER });
  await updateStream(owner, { streamId: stream.id, status: 'PAUSED' });
  for (let count = 0; count < 10; count += 1) await sendTest(owner, stream.id);
  expect((await owner.gql(SEND_TEST, { streamId: stream.id })).code).toBe('RATE_LIMITED');
  await updateStream(owner, { streamId: stream.id, status: 'DISABLED' });
  const refused = await owner.gql(SEND_TEST, { streamId: stream.id });
  expect(refused.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'DISABLED' });
  expect(await readStream(owner, stream.id)).toMatchObject({ pendingCount: 0 });
});
