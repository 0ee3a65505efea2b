import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createAccount } from '../accounts/account.creation.ts';
import { Account } from '../accounts/account.entity.ts';
import { User } from '../accounts/user.entity.ts';
import { newUser } from '../accounts/users.service.ts';
import type { App } from '../app.ts';
import { createAudit, type Audit } from '../audit/audit.ts';
import { addSeconds } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database, EntityManager } from '../database/orm.ts';
import { policyChangeDetails } from '../policies/policy.audit.ts';
import { effectivePolicy, type PolicyLimits } from '../policies/policy.ts';
import { insertSession } from '../sessions/session.birth.ts';
import { endSession } from '../sessions/session.endings.ts';
import { touchSession } from '../sessions/session.touches.ts';
import { createPasswords } from '../sign-in/passwords.ts';
import {
  APPLICATION,
  DEMO_ACCOUNT,
  DEMO_MEMBER_EMAIL,
  DEMO_OWNER_EMAIL,
  DEMO_POLICY,
  EARLIER_POLICY,
  EPISODES,
  PEOPLE,
  POLICY_CHANGED_MINUTES_AGO,
  type Episode,
  type Person,
} from './demo.story.ts';

export interface DemoSignIn {
  role: 'owner' | 'member';
  email: string;
  password: string;
}

/**
 * An account that tells the feature's story, created once. The two passwords are made up at the first start and kept
 * in the data folder, so that every start can print them; one that was changed since is set back.
 */
export async function ensureDemo(app: App, config: Config): Promise<DemoSignIn[]> {
  const passwords = await readOrCreatePasswords(join(config.database.dataDir, 'demo-sign-in.json'));
  const { database } = app;
  if ((await database.em().count(User, { signInEmail: DEMO_OWNER_EMAIL })) === 0) {
    const audit = createAudit({ retentionDays: config.retention.auditDays });
    await createDemo({ database, audit, limits: config.policy, publicUrl: app.url }, app.clock.now());
  }
  const signIns: DemoSignIn[] = [
    { role: 'owner', email: DEMO_OWNER_EMAIL, password: passwords.owner },
    { role: 'member', email: DEMO_MEMBER_EMAIL, password: passwords.member },
  ];
  await setPasswords(database, signIns);
  return signIns;
}

interface Dependencies {
  database: Database;
  audit: Audit;
  limits: PolicyLimits;
  publicUrl: string;
}

async function createDemo(dependencies: Dependencies, now: Date): Promise<void> {
  const { database, audit } = dependencies;
  const longAgo = minutesBefore(now, 30 * 24 * 60);
  const owner = PEOPLE[0]!;
  const given = { name: DEMO_ACCOUNT, ownerEmail: owner.email, ownerName: owner.name };
  const { accountId, ownerId } = await createAccount(given, dependencies, longAgo);
  await database.transaction(async (em) => {
    for (const person of PEOPLE.slice(1)) em.persist(newcomer(accountId, person, longAgo));
    await em.flush();
    const users = new Map((await em.find(User, { accountId })).map((user) => [user.email, user]));
    const actor = { id: ownerId, name: owner.name };
    for (const user of users.values()) {
      if (user.id === ownerId) continue;
      const event = { accountId, resource: { type: 'user' as const, id: user.id }, ...arrival(user, actor) };
      await audit.record(em, event, longAgo);
    }
    for (const episode of EPISODES) await live(em, users.get(episode.email)!, episode, dependencies, now);
    await tightenPolicy(em, accountId, actor, dependencies, minutesBefore(now, POLICY_CHANGED_MINUTES_AGO));
  });
}

/** Whom the account's application brought has no sign-in of their own here. */
function newcomer(accountId: string, { externalId, ...person }: Person, when: Date): User {
  const user = newUser({ accountId, ...person }, when);
  return externalId === undefined ? user : Object.assign(user, { externalId, signInEmail: null });
}

/** How they came: invited by the owner, or with the application's service key. */
function arrival({ email, role, externalId }: User, owner: { id: string; name: string }) {
  return externalId === null
    ? {
        action: 'user.invited' as const,
        actor: owner,
        details: { email, role },
        ipAddress: '192.0.2.10',
      }
    : {
        action: 'user.created' as const,
        actor: { id: null, name: APPLICATION },
        details: { external_id: externalId, email, role },
        ipAddress: '198.51.100.4',
      };
}

/** Plays one sign-in through the very statements that a real one goes through, at the time it is said to have been. */
async function live(
  em: EntityManager,
  user: User,
  episode: Episode,
  { audit, limits }: Dependencies,
  now: Date,
): Promise<void> {
  const wasBefore = episode.signedInAgo > POLICY_CHANGED_MINUTES_AGO;
  const policy = effectivePolicy(wasBefore ? EARLIER_POLICY : DEMO_POLICY, limits);
  const { ipAddress, userAgent, appType = 'CONTROL_PANEL' } = episode;
  const signedInAt = minutesBefore(now, episode.signedInAgo);
  const actor = user.externalId === null ? { id: user.id, name: user.name } : { id: null, name: APPLICATION };
  const about = { accountId: user.accountId, actor, ipAddress };
  const session = await insertSession(
    em,
    { accountId: user.accountId, userId: user.id, appType, policy, ipAddress, userAgent },
    signedInAt,
  );
  const resource = { type: 'session' as const, id: session.id };
  const details = {
    app_type: appType,
    idle_seconds: session.idleSeconds,
    absolute_seconds: session.absoluteSeconds,
  };
  await audit.record(em, { ...about, action: 'session.started', resource, details }, signedInAt);
  // Somebody who was last active days after signing in was active in between, or the session would have run out.
  for (
    let ago = episode.signedInAgo - policy.idleMinutes / 2;
    ago > episode.lastActiveAgo;
    ago -= policy.idleMinutes / 2
  ) {
    await touchSession(em, session.id, minutesBefore(now, ago));
  }
  await touchSession(em, session.id, minutesBefore(now, episode.lastActiveAgo));
  if (episode.ended) {
    const { ago, reason } = episode.ended;
    const endedAt = minutesBefore(now, ago);
    await endSession(em, session, reason, endedAt);
    const action = reason === 'REFRESH_TOKEN_REUSED' ? 'session.refresh_reuse_detected' : 'session.ended';
    await audit.record(em, { ...about, action, resource, details: { reason } }, endedAt);
  }
  if (!user.lastLoginAt || user.lastLoginAt < signedInAt) user.lastLoginAt = signedInAt;
}

async function tightenPolicy(
  em: EntityManager,
  accountId: string,
  actor: { id: string; name: string },
  { audit, limits }: Dependencies,
  when: Date,
): Promise<void> {
  const account = await em.findOneOrFail(Account, accountId);
  const none = { idleMinutes: null, absoluteMinutes: null };
  Object.assign(account, DEMO_POLICY, {
    policyVersion: 1,
    policyUpdatedAt: when,
    policyUpdatedById: actor.id,
  });
  const details = policyChangeDetails(none, DEMO_POLICY, limits);
  const resource = { type: 'account' as const, id: accountId };
  await audit.record(
    em,
    { accountId, action: 'account.session_policy_update', actor, resource, details, ipAddress: '192.0.2.10' },
    when,
  );
}

async function setPasswords(database: Database, signIns: DemoSignIn[]): Promise<void> {
  const passwords = await createPasswords();
  for (const { email, password } of signIns) {
    const em = database.em();
    const user = await em.findOneOrFail(User, { signInEmail: email });
    const isRight = await passwords.inSlot((matches) => matches(user.passwordHash ?? null, password));
    if (isRight) continue;
    user.passwordHash = await passwords.hash(password);
    user.passwordVersion += 1;
    await em.flush();
  }
}

async function readOrCreatePasswords(path: string): Promise<{ owner: string; member: string }> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as { owner: string; member: string };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const passwords = {
    owner: randomBytes(12).toString('base64url'),
    member: randomBytes(12).toString('base64url'),
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, JSON.stringify(passwords), { mode: 0o600 });
  await chmod(path, 0o600);
  return passwords;
}

const minutesBefore = (now: Date, minutes: number): Date => addSeconds(now, -minutes * 60);
