import { sql } from 'kysely';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isLeafType,
  type GraphQLInputType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { type SeededAccount } from '../seed.ts';
import { ROOT_FIELDS } from './root-fields.ts';

// PostgreSQL holds no NUL and no half of a surrogate pair. Every text argument of every operation is tried, from the
// schema.

const BAD = ['\0', 'a\0b', '\ud800', 'a\udc00b', '\\u0000\0'];
const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

/** A value of a type, with every optional part. */
function whole(name: string, type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [whole(name, bare.ofType)];
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (isInputObjectType(bare))
    return Object.fromEntries(
      Object.values(bare.getFields()).map((field) => [field.name, whole(field.name, field.type)]),
    );
  if (bare.toString() === 'Int') return 10;
  if (bare.toString() === 'Boolean') return false;
  if (bare.toString() === 'DateTime') return '2030-01-01T00:00:00.000Z';
  if (/email/i.test(name)) return 'guest@example.test';
  return 'a text that is long enough';
}

interface Place {
  owner: Record<string, any>;
  key: string;
}
function textsIn(owner: Record<string, any>): Place[] {
  return Object.keys(owner).flatMap((key) => {
    const inner = owner[key];
    if (typeof inner === 'string') return [{ owner, key }];
    return typeof inner === 'object' && inner !== null ? textsIn(inner) : [];
  });
}

interface Call {
  name: string;
  document: string;
  variables: Record<string, any>;
}
const CALLS: Call[] = ROOT_FIELDS.flatMap(({ kind, name }) => {
  const field = (kind === 'query' ? schema.getQueryType()! : schema.getMutationType()!).getFields()[name]!;
  if (field.args.length === 0) return [];
  const declared = field.args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  const base = () => Object.fromEntries(field.args.map((arg) => [arg.name, whole(arg.name, arg.type)]));
  return textsIn(base()).flatMap((_, index) =>
    BAD.flatMap((bad) => {
      // With everything optional, and with this text as the only bad one.
      const variables = base();
      const { owner, key } = textsIn(variables)[index]!;
      owner[key] = bad;
      return [{ name, document: `${kind} (${declared}) { ${name}(${passed})${selection} }`, variables }];
    }),
  );
});

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let tokens: string[];
  beforeAll(async () => {
    const limits = {
      LOGIN_FAILURES_PER_ADDRESS: '100000',
      LOGIN_FAILURES_PER_PAIR: '100000',
      LOGIN_FAILURES_PER_EMAIL: '100000',
    };
    app = await startApp({ database, env: limits });
    account = await app.seed.account();
    tokens = [
      (await account.owner.login()).accessToken,
      (await app.seed.serviceKey(account.id)).key,
      (await app.seed.serviceKey(null)).key,
    ];
  });
  afterAll(() => app.close());

  test.each([...new Set(CALLS.map(({ name }) => name))])(
    '%s refuses text that cannot be stored, and never fails by it',
    async (name) => {
      for (const { document, variables } of CALLS.filter((call) => call.name === name)) {
        for (const token of [...tokens, undefined]) {
          const answer = await app.gql(document, variables, { token });
          expect({ code: answer.code, variables }).not.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
          expect(answer.status).toBeLessThan(500);
        }
      }
    },
  );

  test('text that would be stored as another text is refused, and display-only text is repaired', async () => {
    const [owner, key] = tokens as [string, string];
    for (const name of BAD) {
      const invited = await app.gql(
        'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { user { name } } }',
        { input: { email: 'invited@example.test', name } },
        { token: owner },
      );
      expect(invited.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' });
      const userAgent = `Mozilla/5.0 ${name}`;
      const input = { externalId: 'odd', email: 'odd@example.test', name: 'Odd', userAgent };
      const created = await app.gql(
        'mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { userAgent } } }',
        { input },
        { token: key },
      );
      expect(created.errors).toBeUndefined();
      const kept = created.data.createSession.session.userAgent as string;
      expect([kept.includes('\0'), kept.isWellFormed()]).toEqual([false, true]);
      await sql`delete from sessions where user_agent = ${kept}`.execute(app.database.em().getKysely());
    }
  });

  test('no text was stored as another text', async () => {
    const rows = await sql<{ text: string }>`
      select t::text as text from users t union all select t::text from accounts t union all
      select t::text from sessions t union all select t::text from audit_events t`.execute(
      app.database.em().getKysely(),
    );
    expect(rows.rows.filter(({ text }) => text.includes('\ufffd'))).toEqual([]);
  });
});
