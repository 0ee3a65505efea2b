import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { speak } from '../../../../test/catalogs.ts';
import { ACTIONS } from '../audit/actions.ts';
import { isKnownAction } from './entry-kind.ts';
import { type Entry, noteOf, Sentence } from './sentence.tsx';

const ANA = { id: 'ana' };
const MAX = { id: 'max' };

const textOf = (node: ReactNode): string =>
  renderToStaticMarkup(<I18nProvider i18n={i18n}>{node}</I18nProvider>).replaceAll(/<[^<>]+>/g, '');

const entryOf = (action: string, entry: Partial<Entry> = {}): Entry => ({
  action,
  actor: ANA,
  actorName: 'Ana Owner',
  subject: null,
  subjectName: null,
  details: {},
  ...entry,
});
const sentence = (action: string, entry?: Partial<Entry>, viewerId?: string) =>
  textOf(<Sentence entry={entryOf(action, entry)} viewerId={viewerId} />);

const system = { actor: null, actorName: 'system' };
const toMax = { subject: MAX, subjectName: 'Max Member' };
const byMax = { actor: MAX, actorName: 'Max Member', ...toMax };
const byShop = { actor: null, actorName: 'Shop', ...toMax };

test('the system is called Curfew', () => {
  expect(
    sentence('account.created', { ...system, details: { name: 'Northwind', owner_email: 'a@b.c' } }),
  ).toBe('Curfew created the account Northwind');
  expect(sentence('user.password_reset_requested', { ...system, ...toMax })).toBe(
    'Curfew created a password link for Max Member',
  );
});

test('a link that was asked for by mail names no one who did it; a renamed account has both names', () => {
  expect(sentence('user.password_link_requested', { ...system, ...toMax })).toBe(
    'Someone asked for a password link for Max Member',
  );
  expect(sentence('account.renamed', { details: { old_name: 'North', name: 'Northwind' } })).toBe(
    'Ana Owner renamed the account from North to Northwind',
  );
});

test('what was done with event streams and sources is said in words', async () => {
  expect(sentence('event_stream.created', { details: { origin: 'https://a.example' } })).toBe(
    'Ana Owner created an event stream to https://a.example',
  );
  expect(sentence('event_stream.secret_rotated')).toBe('Ana Owner rotated the secret of an event stream');
  expect(sentence('event_source.deleted', { details: { issuer: 'https://idp.example' } })).toBe(
    'Ana Owner deleted the event source https://idp.example',
  );
  const changed = { old: { event_types: null }, new: { event_types: ['test'] }, url_changed: true };
  expect(sentence('event_stream.updated', { details: changed })).toBe('Ana Owner changed an event stream');
  expect(textOf(noteOf(entryOf('event_stream.updated', { details: changed })))).toBe(
    'Changed: the address; which events',
  );
  const gone = {
    ...system,
    details: {
      old: { status: 'ENABLED' },
      new: { status: 'DISABLED' },
      status_reason: 'The receiver answered 410 (gone).',
    },
  };
  expect(sentence('event_stream.updated', gone)).toBe('Curfew disabled an event stream');
  await speak('de');
  expect(textOf(noteOf(entryOf('event_stream.updated', gone)))).toBe(
    'Der Empfänger hat mit 410 geantwortet: Er will keine Ereignisse mehr.',
  );
  await speak('en');
});

test('in a person’s own activity the names of keys and accounts are left out', () => {
  expect(sentence('service_key.created')).toBe('Ana Owner created a service key');
  expect(sentence('service_key.revoked')).toBe('Ana Owner revoked a service key');
  expect(sentence('account.renamed')).toBe('Ana Owner renamed the account');
});

test('someone who was deleted is named in the language of the page', async () => {
  const deleted = { actor: null, actorName: 'Deleted user', ...toMax };
  expect(sentence('user.reactivated', deleted)).toBe('Deleted user reactivated Max Member');
  await speak('de');
  expect(sentence('user.reactivated', deleted)).toContain('Gelöschte Person');
  await speak('en');
});

test('the viewer is marked, as the one who did it and as the one it was done to', () => {
  expect(sentence('user.reactivated', toMax, 'ana')).toBe('Ana Owner (you) reactivated Max Member');
  expect(sentence('user.reactivated', toMax, 'max')).toBe('Ana Owner reactivated Max Member (you)');
  expect(sentence('session.started', { ...byMax, details: {} }, 'max')).toBe(
    'Max Member (you) signed in to the control panel',
  );
});

test('a bulk sign-out names the count and whether it included the owner', () => {
  const bulk = (scope: string, revoked_count: number) =>
    sentence('account.sessions_revoked_bulk', { details: { scope, revoked_count } });
  expect(bulk('others', 12)).toBe('Ana Owner signed out everyone else: 12 sessions');
  expect(bulk('all', 1)).toBe('Ana Owner signed out everyone including themselves: 1 session');
  expect(bulk('others', 0)).toBe('Ana Owner signed out everyone else: no sessions were left');
});

test('a sign-in names the application', () => {
  const started = (app_type: string, entry: Partial<Entry> = byMax) =>
    sentence('session.started', { ...entry, details: { app_type } });
  expect(started('CONTROL_PANEL')).toBe('Max Member signed in to the control panel');
  expect(started('TENANT_APP')).toBe('Max Member signed in to an application');
  expect(started('TENANT_APP', byShop)).toBe('Max Member signed in to Shop');
});

test('the end of a session names who ended it and whose it was', () => {
  const ended = (reason: string, entry: Partial<Entry> = byMax) =>
    sentence('session.ended', { ...entry, details: { reason } });
  const note = (reason: string, entry: Partial<Entry> = byMax) =>
    textOf(noteOf(entryOf('session.ended', { ...entry, details: { reason } })));
  expect(ended('LOGOUT')).toBe('Max Member signed out');
  expect(ended('LOGOUT', byShop)).toBe('Max Member signed out of Shop');
  expect(ended('REVOKED_BY_USER')).toBe('Max Member ended one of their other sessions');
  expect(ended('REVOKED_BY_OWNER', toMax)).toBe('Ana Owner signed Max Member out of one session');
  expect(ended('REVOKED_BY_SERVICE', byShop)).toBe('Shop signed Max Member out of one session');
  expect(ended('PASSWORD_CHANGED')).toBe('Max Member was signed out of one session');
  expect(note('PASSWORD_CHANGED')).toBe('Password changed.');
  expect(note('LOGOUT')).toBe('');
  expect(note('REVOKED_BY_OWNER', toMax)).toBe('');
});

test('the end at the maximum of sessions says why, also when an application caused it', () => {
  const note = (entry: Partial<Entry>) =>
    textOf(noteOf(entryOf('session.ended', { ...entry, details: { reason: 'SESSION_LIMIT' } })));
  expect(note(byMax)).toBe('Too many sessions.');
  expect(note(byShop)).toBe('Too many sessions.');
});

test('a new authentication names the person, and the application that saw it', () => {
  expect(sentence('session.reauthenticated', byMax)).toBe('Max Member confirmed who they are');
  expect(sentence('session.reauthenticated', byShop)).toBe('Max Member confirmed who they are in Shop');
});

test('a sign-in from a new device says so', () => {
  const note = (details: Record<string, unknown>) =>
    textOf(noteOf(entryOf('session.started', { ...byMax, details })));
  expect(note({ app_type: 'CONTROL_PANEL', new_device: true })).toBe('From a new device.');
  expect(note({ app_type: 'CONTROL_PANEL' })).toBe('');
});

test('a change of role says what it did to sessions', () => {
  const note = (ended_count: number, shortened_count: number) =>
    textOf(
      noteOf(
        entryOf('user.role_changed', {
          ...toMax,
          details: { old: 'MEMBER', new: 'OWNER', ended_count, shortened_count },
        }),
      ),
    );
  expect(note(2, 1)).toBe('Applied to current sessions: 2 ended, 1 shortened');
  expect(note(0, 0)).toBe('');
  expect(textOf(noteOf(entryOf('user.role_changed', { ...toMax, details: {} })))).toBe('');
});

test('a possible attack is told as one', () => {
  expect(sentence('session.refresh_reuse_detected', byMax)).toBe(
    'Max Member was signed out: an old token was used again',
  );
  expect(textOf(noteOf(entryOf('session.refresh_reuse_detected', byMax)))).toBe(
    'Someone may have copied this session.',
  );
  expect(sentence('login.failed', { actor: null, actorName: 'max@example.test', ...toMax })).toBe(
    'Someone failed to sign in as max@example.test',
  );
});

test('a user who is signed out everywhere: by themselves or by an owner', () => {
  const details = { revoked_count: 3 };
  expect(sentence('user.sessions_revoked', { ...byMax, details })).toBe(
    'Max Member signed out everywhere: 3 sessions',
  );
  expect(sentence('user.sessions_revoked', { ...toMax, details })).toBe(
    'Ana Owner signed Max Member out everywhere: 3 sessions',
  );
});

test('changes to people are described', () => {
  const about = (action: string, details: Record<string, unknown> = {}, entry: Partial<Entry> = toMax) =>
    sentence(action, { ...entry, details });
  expect(about('user.invited', { email: 'max@example.test', role: 'MEMBER' })).toBe(
    'Ana Owner invited Max Member (max@example.test) as a member',
  );
  expect(about('user.invited', { role: 'OWNER' })).toBe('Ana Owner invited Max Member as an owner');
  expect(about('user.created', { email: 'max@example.test' }, byShop)).toBe(
    'Shop added Max Member (max@example.test) as a member',
  );
  expect(about('user.identity_linked', { provider: 'google' }, byMax)).toBe(
    'Max Member signed in with google for the first time',
  );
  expect(about('user.role_changed', { old: 'MEMBER', new: 'OWNER' })).toBe(
    'Ana Owner changed Max Member from a member to an owner',
  );
  expect(about('user.role_changed', { old: 'OWNER', new: 'MEMBER' }, byMax)).toBe(
    'Max Member changed themselves from an owner to a member',
  );
  expect(about('user.renamed', { old_name: 'Max Meyer', new_name: 'Max Member' })).toBe(
    'Ana Owner renamed Max Meyer to Max Member',
  );
  expect(about('user.renamed', {})).toBe('Ana Owner renamed Max Member');
  expect(about('user.deactivated', { ended_sessions: 2 })).toBe(
    'Ana Owner deactivated Max Member, which ended 2 sessions',
  );
  expect(about('user.deactivated', { ended_sessions: 0 })).toBe('Ana Owner deactivated Max Member');
  expect(about('user.deleted', { ended_sessions: 1 })).toBe(
    'Ana Owner deleted a user, which ended 1 session',
  );
  expect(about('user.password_changed', { ended_sessions: 1 }, byMax)).toBe(
    'Max Member changed their password, which ended 1 session',
  );
});

test('a policy that is saved without a change says so', () => {
  const limits = { idle_minutes: 30, absolute_minutes: 60 };
  const details = { old: limits, new: limits, effective_old: limits, effective_new: limits };
  expect(sentence('account.session_policy_update', { details })).toBe(
    'Ana Owner saved the session policy without changes',
  );
  expect(
    sentence('account.session_policy_update', {
      details: {
        ...details,
        new: { ...limits, idle_minutes: 15 },
        effective_new: { ...limits, idle_minutes: 15 },
      },
    }),
  ).toBe('Ana Owner changed the session policy');
});

test('a restored policy names the version, and an export says of what', () => {
  const details = { restored_from: 3 };
  expect(sentence('account.session_policy_update', { details })).toBe(
    'Ana Owner restored version 3 of the session policy',
  );
  expect(sentence('export.created', { details: { export: 'audit' } })).toBe(
    'Ana Owner exported the audit trail',
  );
  expect(sentence('export.created', { details: { export: 'policy' } })).toBe(
    'Ana Owner exported the session policy',
  );
});

test('an action that only a newer server knows is shown by its name', () => {
  expect(sentence('account.merged')).toBe('Ana Owner account.merged');
  expect(isKnownAction('account.merged')).toBe(false);
});

test('every action of the filter has a sentence, also with the details of an older version', () => {
  for (const { value } of ACTIONS.flatMap(({ items }) => items)) {
    expect({ value, isKnown: isKnownAction(value) }).toEqual({ value, isKnown: true });
    expect(sentence(value)).not.toContain(value);
    expect(sentence(value, { ...system })).not.toMatch(/undefined|null|\[object/);
  }
});
