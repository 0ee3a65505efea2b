import { readEndReason, KNOWN_END_REASONS } from './end-reason-params.ts';

const of = (query: string) => readEndReason(new URLSearchParams(query));

test('an address without a known reason gives none', () => {
  for (const query of [
    '',
    'limit=idle',
    'cause=password_changed',
    'reason=',
    'reason=SESSION_EXPIRED',
    'reason=x',
  ])
    expect(of(query)).toBeNull();
});

test('an expired session reached one of two limits, or an unknown one', () => {
  expect(of('reason=session_expired&limit=idle')).toEqual({ kind: 'expired', limit: 'idle' });
  expect(of('reason=session_expired&limit=absolute')).toEqual({ kind: 'expired', limit: 'absolute' });
  for (const rest of ['', '&limit=', '&limit=IDLE', '&limit=toString'])
    expect(of(`reason=session_expired${rest}`)).toEqual({ kind: 'expired', limit: null });
});

test('the cause is a known end reason or null', () => {
  for (const reason of KNOWN_END_REASONS)
    expect(of(`reason=signed_out&cause=${reason}`)).toEqual({ kind: 'signed-out', reason });
  for (const rest of ['', '&cause=', '&cause=constructor', '&cause=call%20us', '&cause=idle_timeout'])
    expect(of(`reason=signed_out${rest}`)).toEqual({ kind: 'signed-out', reason: null });
});
