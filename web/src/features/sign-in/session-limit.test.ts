import { i18n } from '@lingui/core';
import {
  deniedMessage,
  neededEnds,
  sessionLimitOf,
  suggestedEnds,
  type SessionChoices,
} from './session-limit.ts';

i18n.loadAndActivate({ locale: 'en', messages: {} });

const refused = (extensions: Record<string, unknown>, code = 'SESSION_LIMIT_REACHED') =>
  sessionLimitOf({ kind: 'refused', code, message: '', extensions });

const choicesOf = (limit: number, ...ids: string[]): SessionChoices => ({
  limit,
  sessions: ids.map((id) => ({ id, device: null, appType: 'CONTROL_PANEL', lastActivityAt: '' })),
});

test('a refusal with sessions lets the person choose, one without does not', () => {
  const { sessions } = choicesOf(1, 'a');
  expect(refused({ limit: 1, sessions })).toEqual({ limit: 1, sessions });
  expect(refused({ limit: 3 })).toEqual({ limit: 3, sessions: null });
  expect(refused({ limit: 3, sessions: [] })).toEqual({ limit: 3, sessions: null });
  expect(refused({ limit: 1 }, 'RATE_LIMITED')).toBeNull();
});

test('as many have to end as exceed the limit with one more', () => {
  expect(neededEnds(choicesOf(2, 'a', 'b'))).toBe(1);
  expect(neededEnds(choicesOf(1, 'a', 'b', 'c'))).toBe(3);
});

test('the least recently active are suggested, after those that were chosen before and still live', () => {
  const choices = choicesOf(2, 'a', 'b', 'c');
  expect([...suggestedEnds(choices, new Set())]).toEqual(['a', 'b']);
  expect([...suggestedEnds(choices, new Set(['c', 'gone']))].sort()).toEqual(['a', 'c']);
  expect([...suggestedEnds(choicesOf(3, 'a', 'b', 'c'), new Set(['b', 'c']))]).toEqual(['b', 'c']);
});

test('the number of devices is right for one', () => {
  expect(deniedMessage({ limit: 1, sessions: null })).toMatch(
    /^You’re signed in on 1 device already.*Sign out there,/,
  );
  expect(deniedMessage({ limit: 3, sessions: null })).toMatch(/^You’re signed in on 3 devices already/);
});
