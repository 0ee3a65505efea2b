import { arrivalOf, CAUSES } from './arrival.ts';

const of = (query: string) => arrivalOf(new URLSearchParams(query));

test('an address without a reason, or with an unknown one, says nothing', () => {
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

test('an expired session has reached one of two limits, or nobody knows which', () => {
  expect(of('reason=session_expired&limit=idle')).toEqual({ kind: 'expired', limit: 'idle' });
  expect(of('reason=session_expired&limit=absolute')).toEqual({ kind: 'expired', limit: 'absolute' });
  for (const rest of ['', '&limit=', '&limit=IDLE', '&limit=toString'])
    expect(of(`reason=session_expired${rest}`)).toEqual({ kind: 'expired', limit: null });
});

test('a cause is one of the known ones or none', () => {
  for (const cause of CAUSES)
    expect(of(`reason=signed_out&cause=${cause}`)).toEqual({ kind: 'signed-out', cause });
  for (const rest of ['', '&cause=', '&cause=constructor', '&cause=call%20us', '&cause=idle_timeout'])
    expect(of(`reason=signed_out${rest}`)).toEqual({ kind: 'signed-out', cause: null });
});
