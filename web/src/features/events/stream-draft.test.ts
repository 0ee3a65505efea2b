import { typesOf } from './event-types.ts';
import { draftOf, EMPTY_DRAFT, toCreateInput, toUpdateInput } from './stream-draft.ts';
import type { Stream } from './stream-words.ts';

const ALL = typesOf('WEBHOOK').map(({ value }) => value);

const streamOf = (more: Partial<Stream> = {}): Stream => ({
  id: 'a1',
  kind: 'WEBHOOK',
  url: 'https://hooks.example.com/curfew',
  description: null,
  eventTypes: [...ALL, 'test'],
  subjectFormat: 'COMPLEX',
  status: 'ENABLED',
  statusReason: null,
  createdAt: '2027-01-01T12:00:00Z',
  lastDeliveredAt: null,
  failingSince: null,
  pendingCount: 0,
  audience: 'https://hooks.example.com',
  ...more,
});

test('a webhook has neither an audience nor a subject, and all events unless some are chosen', () => {
  expect(toCreateInput(EMPTY_DRAFT, ' https://a.example ')).toEqual({
    kind: 'WEBHOOK',
    url: 'https://a.example',
    description: null,
    eventTypes: null,
  });
  const some = { ...EMPTY_DRAFT, isAll: false, eventTypes: ['user.deactivated', 'session.ended'] };
  expect(toCreateInput(some, '').eventTypes).toEqual(['session.ended', 'user.deactivated']);
});

test('a receiver that fetches has no address, and a logout token no choice of events', () => {
  expect(toCreateInput({ ...EMPTY_DRAFT, kind: 'SSF_POLL' }, 'https://left.example')).toEqual({
    kind: 'SSF_POLL',
    url: null,
    description: null,
    eventTypes: null,
    subjectFormat: 'COMPLEX',
    audience: null,
  });
  const logout = { ...EMPTY_DRAFT, kind: 'BACK_CHANNEL_LOGOUT', isAll: false, audience: 'shop' } as const;
  expect(toCreateInput(logout, 'https://a.example')).toEqual({
    kind: 'BACK_CHANNEL_LOGOUT',
    url: 'https://a.example',
    description: null,
    eventTypes: null,
    audience: 'shop',
  });
});

test('a stream of all types is edited as one of all types, and another keeps its choice', () => {
  expect(draftOf(streamOf())).toMatchObject({ isAll: true, eventTypes: [] });
  const some = streamOf({ eventTypes: ['session.ended', 'test'] });
  expect(draftOf(some)).toMatchObject({ isAll: false, eventTypes: ['session.ended'] });
  expect(toUpdateInput(some, draftOf(some), some.url!)).toEqual({
    streamId: 'a1',
    url: 'https://hooks.example.com/curfew',
    description: null,
    eventTypes: ['session.ended'],
  });
});

test('an empty choice is sent as it is, so that the server refuses it', () => {
  expect(toCreateInput({ ...EMPTY_DRAFT, isAll: false }, 'https://a.example').eventTypes).toEqual([]);
});
