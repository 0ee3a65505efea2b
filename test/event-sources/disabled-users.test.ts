import { SET_ACTIVE, SET_PASSWORD, tokenOf, INVITE, RESET_PASSWORD } from '../accounts/account-calls.ts';
import { reauthenticate } from '../accounts/reauthenticate-calls.ts';
import { DELETE_USER } from '../deletion/deletion-calls.ts';
import type { Person } from '../seed.ts';
import { setStage, type Scene, type Stage } from './scene.ts';
import { runCommand } from '../operations/admin-commands.ts';
import { createSource, deleteSource, readSource } from './source-calls.ts';
import { withTransmitter } from './transmitter.ts';

const CREATE_SESSION = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }`;
const LIST_USERS = `{ users(first: 100) { edges { node { id isActive status } } } }`;

withTransmitter(() => {
  let stage: Stage;
  let scene: Scene;

  beforeAll(async () => {
    stage = await setStage();
  });
  beforeEach(async () => {
    scene = await stage.openScene();
  });
  afterAll(() => stage?.close());

  const disable = async (order: Record<string, unknown> = {}) =>
    expect((await scene.push({ event: 'account-disabled', ...order })).status).toBe(202);
  const enable = async (order: Record<string, unknown> = {}) =>
    expect((await scene.push({ event: 'account-enabled', ...order })).status).toBe(202);
  const setActive = (isActive: boolean, userId = scene.member.person.id) =>
    scene.owner.gql(SET_ACTIVE, { userId, isActive });
  const canSignIn = async (person: Person = scene.member.person): Promise<boolean> =>
    (await person.tryLogin()).data?.login != null;
  async function shown(id: string): Promise<{ isActive: boolean; status: string }> {
    const { data } = await scene.owner.gql(LIST_USERS);
    return data.users.edges.map(({ node }: any) => node).find((user: any) => user.id === id);
  }
  const actions = async () => (await stage.trailOf(scene.account)).map(({ action }) => action);

  test('the operator deletes a source that its owners cannot', async () => {
    await disable();
    expect(await canSignIn()).toBe(false);
    const { id, issuer } = scene.source;
    expect(await runCommand(stage.app, 'list-event-sources')).toContain(id);
    expect(await runCommand(stage.app, 'delete-event-source', '--id', id)).toContain(issuer);
    expect(await readSource(scene.owner, id)).toBeUndefined();
    expect(await canSignIn()).toBe(true);
    await expect(runCommand(stage.app, 'delete-event-source', '--id', id)).rejects.toThrow('not found');
  });

  test('a disabled user gets in no way, until the source enables them', async () => {
    const { owner, member, account } = scene;
    const { id, email } = member.person;
    const { key } = await stage.app.seed.serviceKey(account.id);
    const createSession = () => stage.app.gql(CREATE_SESSION, { input: { userId: id } }, { token: key });
    const { data } = await owner.gql(RESET_PASSWORD, { userId: id });
    const token = tokenOf(data.resetUserPassword.setPasswordUrl);

    await disable();

    expect(await canSignIn()).toBe(false);
    expect(await member.session.refresh()).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect((await reauthenticate(member.session)).data?.reauthenticate).toBeUndefined();
    expect(await createSession()).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { reason: 'USER_INACTIVE' },
    });
    const setPassword = { input: { token, newPassword: 'a much better password' } };
    expect(await stage.app.gql(SET_PASSWORD, setPassword)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await owner.gql(INVITE, { input: { email, name: 'Again' } })).toMatchObject({ code: 'CONFLICT' });
    expect(await shown(id)).toEqual({ id, isActive: false, status: 'DEACTIVATED' });

    stage.app.clock.advance(1_000);
    await enable();

    expect(await canSignIn()).toBe(true);
    expect((await createSession()).errors).toBeUndefined();
    expect(await shown(id)).toMatchObject({ isActive: true, status: 'ACTIVE' });
    const about = { event_source_id: scene.source.id };
    expect(await stage.trailOf(account)).toEqual([
      {
        action: 'user.deactivated',
        resource_id: id,
        details: { ...about, event: 'account-disabled', ended_sessions: 1 },
      },
      { action: 'user.reactivated', resource_id: id, details: { ...about, event: 'account-enabled' } },
    ]);
  });

  test('no owner lifts what a source has decided, and what an owner decides stays', async () => {
    const { id } = scene.member.person;
    await disable();
    expect(await setActive(true)).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'isActive', reason: 'DISABLED_BY_EVENT_SOURCE' },
    });
    expect(await canSignIn()).toBe(false);
    expect((await setActive(false)).data.setUserActive).toEqual({ id, isActive: false });
    await enable();
    expect(await canSignIn()).toBe(false);
    expect((await setActive(true)).data.setUserActive).toEqual({ id, isActive: true });
    expect(await canSignIn()).toBe(true);
    expect(await actions()).toEqual(['user.deactivated']);
  });

  test('a source disables someone whom an owner has deactivated, too', async () => {
    await setActive(false);
    await disable();
    expect(await setActive(true)).toMatchObject({ extensions: { reason: 'DISABLED_BY_EVENT_SOURCE' } });
    await enable();
    expect(await canSignIn()).toBe(false);
    await setActive(true);
    expect(await canSignIn()).toBe(true);
    expect(await actions()).toEqual([]);
  });

  test('deleting the source lets its users in again, but not those of another source', async () => {
    const other = await scene.addLinked();
    const second = await createSource(scene.owner, { issuer: stage.transmitter.issuer, audience: 'second' });
    const about = { url: second.endpointUrl, aud: 'second', subject: stage.subjectOf(other) };
    await disable();
    await disable({ subject: stage.subjectOf(other) });
    await disable(about);
    expect((await deleteSource(scene.owner, scene.source.id)).data.deleteEventSource).toBe(true);
    expect([await canSignIn(), await canSignIn(other.person)]).toEqual([true, false]);
    await enable(about);
    expect(await canSignIn(other.person)).toBe(true);
  });

  test('the last active owner is signed out, and can sign in again', async () => {
    const first = await scene.addLinked('OWNER');
    await disable({ subject: stage.subjectOf(first) });
    expect(await canSignIn(first.person)).toBe(false);
    // Now there is one left.
    stage.app.clock.advance(1_000);
    await stage.link(scene.account.owner.id, 'the-owner');
    const subject = { format: 'iss_sub', iss: stage.transmitter.issuer, sub: 'the-owner' };
    await disable({ subject });
    expect(await stage.endOf(scene.owner.sessionId)).toBe('SECURITY_EVENT');
    expect(await canSignIn(scene.account.owner)).toBe(true);
    expect((await stage.trailOf(scene.account)).at(-1)).toMatchObject({
      action: 'user.sessions_revoked',
      details: { event: 'account-disabled', last_owner: true, revoked_count: 1 },
    });
  });

  test('what a source said later counts, in any order', async () => {
    const earlier = stage.now();
    stage.app.clock.advance(600_000);
    await enable();
    const session = await scene.member.person.login();
    await disable({ now: earlier });
    expect(await canSignIn()).toBe(true);
    expect(await stage.endOf(session.sessionId)).toBeNull();
    await disable();
    expect(await canSignIn()).toBe(false);
    await enable({ now: earlier });
    expect(await canSignIn()).toBe(false);
  });

  test('a node of the version before cannot let a disabled user in', async () => {
    const { id } = scene.member.person;
    await disable();
    // As its setUserActive writes.
    const em = stage.app.database.em();
    await em.getConnection().execute('update users set is_active = true where id = ?', [id]);
    expect(await canSignIn()).toBe(false);
    await enable();
    expect(await canSignIn()).toBe(true);
  });

  test('a disabled user can be deleted, and the source enables no one then', async () => {
    const { id } = scene.member.person;
    await disable();
    expect((await scene.owner.gql(DELETE_USER, { userId: id })).data.deleteUser).toBe(true);
    await enable();
    await deleteSource(scene.owner, scene.source.id);
    const em = stage.app.database.em();
    const [row] = await em
      .getConnection()
      .execute('select is_active, is_active_when_enabled from users where id = ?', [id]);
    expect(row).toEqual({ is_active: false, is_active_when_enabled: null });
  });
});
