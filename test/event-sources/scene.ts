import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { startApp, type StartOptions, type TestApp } from '../harness.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { createSource } from './source-calls.ts';
import { startTransmitter, type Sent, type Transmitter } from './transmitter.ts';

export const AUDIENCE = 'https://curfew.example.test/events';
/** Longer than the period in which look-ups of keys are counted, so that each test has its own. */
const NEXT_TEST_MS = 61_000;

/** A user with a session, linked with the issuer. */
export interface Linked {
  person: Person;
  /** At the issuer. */
  sub: string;
  session: SignedIn;
}

/** An account that trusts the transmitter. */
export interface Scene {
  account: SeededAccount;
  owner: SignedIn;
  source: any;
  member: Linked;
  addLinked(role?: 'OWNER' | 'MEMBER'): Promise<Linked>;
  /** Pushes an event about the member, unless told otherwise. */
  push(order?: Record<string, unknown>): Promise<Sent>;
}

export interface Stage {
  readonly app: TestApp;
  readonly transmitter: Transmitter;
  now(): number;
  /** A fresh account with its source. */
  openScene(source?: { audience?: string; provider?: string; issuer?: string }): Promise<Scene>;
  endOf(sessionId: string): Promise<string | null>;
  /** The trail of an account: what its sources did. */
  trailOf(account: SeededAccount): Promise<{ action: string; resource_id: string; details: any }[]>;
  subjectOf(linked: Linked): Record<string, string>;
  link(userId: string, sub: string, issuer?: string): Promise<void>;
  close(): Promise<void>;
}

export async function setStage(options: StartOptions = {}): Promise<Stage> {
  const transmitter = await startTransmitter();
  const app = await startApp({
    ...options,
    env: { EVENT_ALLOW_PRIVATE_ADDRESSES: 'true', ...options.env },
  });
  const database = () => app.database.em().getKysely();

  const stage: Stage = {
    app,
    transmitter,
    now: () => Math.floor(app.clock.now().getTime() / 1000),

    async link(userId, sub, issuer = transmitter.issuer) {
      await sql`
        insert into user_identities (issuer, subject, user_id, created_at)
        values (${issuer}, ${sub}, ${userId}, ${app.clock.now()})`.execute(database());
    },

    subjectOf: ({ sub }) => ({ format: 'iss_sub', iss: transmitter.issuer, sub }),

    async openScene({ audience = AUDIENCE, provider, issuer = transmitter.issuer } = {}) {
      app.clock.advance(NEXT_TEST_MS);
      const account = await app.seed.account();
      const owner = await account.owner.login();
      const source = await createSource(owner, { issuer, audience, ...(provider && { provider }) });
      const addLinked = async (role: 'OWNER' | 'MEMBER' = 'MEMBER'): Promise<Linked> => {
        const person = await account.addUser(role);
        const sub = `sub-${randomUUID()}`;
        await stage.link(person.id, sub);
        return { person, sub, session: await person.login() };
      };
      const member = await addLinked();
      return {
        account,
        owner,
        source,
        member,
        addLinked,
        push: (order = {}) =>
          transmitter.push({
            url: source.endpointUrl,
            aud: audience,
            now: stage.now(),
            subject: stage.subjectOf(member),
            ...order,
          }),
      };
    },

    async endOf(sessionId) {
      const { rows } = await sql<{ end_reason: string | null }>`
        select end_reason from sessions where id = ${sessionId}`.execute(database());
      return rows[0]!.end_reason;
    },

    async trailOf({ id }) {
      const { rows } = await sql<{ action: string; resource_id: string; details: any }>`
        select action, resource_id, details from audit_events
        where account_id = ${id} and actor_name = ${transmitter.issuer} order by created_at, id`.execute(
        database(),
      );
      return rows;
    },

    async close() {
      await app.close();
      await transmitter.close();
    },
  };
  return stage;
}
