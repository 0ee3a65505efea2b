import { jest } from '@jest/globals';
import type { SessionWatcher, TokenSet } from '@curfew/client';
import { beginSession, CookiesNeededError } from './cookies.ts';

const realFetch = globalThis.fetch;
afterEach(() => void (globalThis.fetch = realFetch));

/** Signs in where the check of the cookie gets this answer, and returns what was asked. */
async function signInWhere(check: () => Response, begin: () => void): Promise<string[]> {
  const asked: string[] = [];
  globalThis.fetch = async (_, init) => {
    asked.push(/mutation (\w+)/.exec(String(init?.body))![1]!);
    return asked.length === 1 ? check() : Response.json({ data: { logout: { ended: true } } });
  };
  const tokens = { accessToken: 'access-1' } as TokenSet;
  await beginSession({ begin } as unknown as SessionWatcher, tokens).catch((error: unknown) => {
    if (!(error instanceof CookiesNeededError)) throw error;
  });
  return asked;
}

const refusal = (extensions: object) =>
  Response.json({ errors: [{ message: 'No.', extensions }], data: null });

test.each<[string, () => Response]>([
  ['is refused as too late', () => refusal({ code: 'INVALID_REFRESH_TOKEN', reason: 'TOO_LATE' })],
  ['is refused for another reason', () => refusal({ code: 'UNAVAILABLE' })],
  ['gets a gateway’s page', () => new Response('<h1>Staging</h1>', { status: 401 })],
  ['gets no object', () => Response.json(null)],
  ['gets nothing', () => new Response(null, { status: 503 })],
  [
    'gets no answer',
    () => {
      throw new TypeError('Failed to fetch');
    },
  ],
])('no session of an honest user is ended where the question %s', async (_, check) => {
  const begin = jest.fn();
  expect(await signInWhere(check, begin)).toEqual(['AskForCookie']);
  expect(begin).toHaveBeenCalledTimes(1);
});

test('a session whose cookie did not come is ended', async () => {
  const begin = jest.fn();
  const asked = await signInWhere(() => refusal({ code: 'INVALID_REFRESH_TOKEN' }), begin);
  expect(asked).toEqual(['AskForCookie', 'SignOutUnkept']);
  expect(begin).not.toHaveBeenCalled();
});
