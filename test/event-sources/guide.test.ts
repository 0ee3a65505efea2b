import { readFileSync } from 'node:fs';
import { setStage, type Stage } from './scene.ts';
import { readSource } from './source-calls.ts';
import { withTransmitter } from './transmitter.ts';

// What docs/guides/event-sources.md tells owners to send, and what it says that then comes.

const guide = readFileSync(new URL('../../docs/guides/event-sources.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));
const textOf = (language: string): string[] =>
  blocks.filter((block) => block.language === language).map(({ text }) => text);
const mutations = textOf('graphql');

test('every block of the guide is run here', () => {
  expect(blocks.map(({ language }) => language)).toEqual(['graphql', '', 'http', 'graphql']);
});

withTransmitter(() => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage?.close());

  test.each(mutations)('the source ends sessions, and shows that it was heard: %#', async (mutation) => {
    const [, issuer] = /issuer: "([^"]+)"/.exec(mutation)!;
    const [, audience] = /audience: "([^"]+)"/.exec(mutation)!;
    await stage.transmitter.become(`${new URL(issuer!).pathname}/of-the-guide`);
    const { owner, member, push } = await stage.openScene();
    const { data } = await owner.gql(mutation.replace(issuer!, stage.transmitter.issuer));
    const { id, endpointUrl } = data.createEventSource;
    expect(await push({ url: endpointUrl, aud: audience, event: 'session-revoked' })).toMatchObject({
      status: 202,
    });
    expect(await stage.endOf(member.session.sessionId)).toBe('SECURITY_EVENT');
    expect(await readSource(owner, id)).toMatchObject({
      lastReceivedAt: expect.any(String),
      lastError: null,
    });
  });

  test("Okta's request ends the sessions of the person", async () => {
    const [request] = textOf('http');
    const [address] = textOf('');
    const [, method, path] = /^(\w+) (\S+)\n/.exec(request!)!;
    expect([method, new URL(address!.trim()).pathname]).toEqual(['POST', path]);
    const endpoint = `${stage.app.url}${path}`;
    await stage.transmitter.become('/okta');
    const { member } = await stage.openScene({ audience: endpoint });
    const { sub_id: subject } = JSON.parse(request!.split('\n\n')[1]!);
    expect(subject).toMatchObject({ format: 'iss_sub', iss: expect.any(String), sub: expect.any(String) });
    const named = { ...subject, iss: stage.transmitter.issuer, sub: member.sub };
    const order = { url: endpoint, aud: endpoint, now: stage.now(), subject: named };
    expect(await stage.transmitter.revoke({ ...order, token: 'nonsense' })).toMatchObject({ status: 401 });
    expect(await stage.transmitter.revoke({ ...order, body: '{}' })).toMatchObject({ status: 400 });
    expect(await stage.endOf(member.session.sessionId)).toBeNull();
    expect(await stage.transmitter.revoke(order)).toMatchObject({ status: 204 });
    expect(await stage.endOf(member.session.sessionId)).toBe('SECURITY_EVENT');
  });
});
