import { by, FIREFOX_WINDOWS, newAddress } from '../../test/accounts/devices.ts';
import { startApp, type TestApp } from '../../test/harness.ts';
import type { SignedIn } from '../../test/seed.ts';
import { createLocalBus } from '../events/session-bus.ts';
import type { SessionListener } from '../expiry/session-listeners.ts';
import { createLogger } from '../logger.ts';
import type { Viewer } from '../rules/caller.ts';
import type { Session } from '../rules/session.ts';
import { createNewDeviceNotices } from './new-device-notices.ts';

describe('the notices of one node', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ env: { TRUST_PROXY: 'true' } });
  });
  afterAll(() => app.close());

  /** Notices on a bus of their own, with reads that wait for the test. */
  async function stage() {
    const account = await app.seed.account();
    const { owner } = account;
    const bus = createLocalBus();
    const listeners: SessionListener[] = [];
    const reads: { isAllowed(allowed: boolean): void }[] = [];
    const notices = createNewDeviceNotices({
      database: {
        ...app.database,
        withTimeout: async <T>(read: Promise<T>) => {
          const isAllowed = await new Promise<boolean>((isAllowed) => reads.push({ isAllowed }));
          if (!isAllowed) throw new Error('away');
          return read;
        },
      },
      bus,
      watch: {
        watch: (_: string, listener: SessionListener) => {
          listeners.push(listener);
          return () => {};
        },
      } as unknown as Parameters<typeof createNewDeviceNotices>[0]['watch'],
      clock: app.clock,
      logger: createLogger('silent'),
    });
    const subscribe = ({ sessionId }: SignedIn) =>
      notices.subscribe({ userId: owner.id, session: { id: sessionId } } as Viewer);
    const signIn = async (person = owner) => {
      const { sessionId } = await person.login({}, by(FIREFOX_WINDOWS, newAddress()));
      bus.publish({ accountId: account.id, kind: 'NEW_DEVICE', userId: person.id, sessionIds: [sessionId] });
      return sessionId;
    };
    /** Lets the read that waits go on, and waits until it is done. */
    const answer = async (isAllowed = true) => {
      reads.shift()!.isAllowed(isAllowed);
      await new Promise((done) => setTimeout(done, 50));
    };
    const end = (endedAt: Date) => listeners.forEach(({ onState }) => onState!({ endedAt } as Session));
    return { account, owner, bus, reads, subscribe, signIn, answer, end };
  }

  const isPending = async (next: Promise<unknown>) => {
    const nothing = Symbol('nothing');
    return (await Promise.race([next, new Promise((done) => setTimeout(done, 50, nothing))])) === nothing;
  };

  test('nothing is read where no session of the user subscribes', async () => {
    const { account, owner, subscribe, signIn, reads } = await stage();
    await signIn();
    const notices = subscribe(await owner.login());
    await signIn(await account.addUser());
    expect(reads).toHaveLength(0);
    await signIn();
    expect(reads).toHaveLength(1);
    await notices.return!();
    reads.shift();
    await signIn();
    expect(reads).toHaveLength(0);
  });

  test('of sign-ins during a read, and of those that no one has taken, the latest is told', async () => {
    const { owner, subscribe, signIn, answer, reads } = await stage();
    const notices = subscribe(await owner.login());
    const first = await signIn();
    const ids = [await signIn(), await signIn(), await signIn()];
    expect(reads).toHaveLength(1);
    await answer();
    expect((await notices.next()).value.id).toBe(first);
    expect(reads).toHaveLength(1);
    await answer();
    expect((await notices.next()).value.id).toBe(ids.at(-1));
    expect(reads).toHaveLength(0);

    await signIn();
    await answer();
    const latest = await signIn();
    await answer();
    expect((await notices.next()).value.id).toBe(latest);
    expect(await isPending(notices.next())).toBe(true);
    await notices.return!();
  });

  test('after a read that failed the next sign-in is told', async () => {
    const { owner, subscribe, signIn, answer } = await stage();
    const notices = subscribe(await owner.login());
    await signIn();
    await answer(false);
    const next = await signIn();
    await answer();
    expect((await notices.next()).value.id).toBe(next);
    await notices.return!();
  });

  test('what is pending at the end of the session is not told', async () => {
    const { owner, subscribe, signIn, answer, end } = await stage();
    const notices = subscribe(await owner.login());
    await signIn();
    await answer();
    end(app.clock.now());
    expect(await notices.next()).toEqual({ value: undefined, done: true });
  });
});
