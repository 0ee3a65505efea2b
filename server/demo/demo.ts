import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Account } from '../accounts/account.entity.ts';
import { User } from '../accounts/user.entity.ts';
import type { App } from '../app.ts';
import { createAudit, type Audit } from '../audit/audit.ts';
import { addSeconds } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { COMMAND_TIMEOUT_MS } from '../database/timeouts.ts';
import { policyChangeDetails } from '../policies/policy.audit.ts';
import { readOrGenerate } from '../generated-file.ts';
import { policyOf } from '../rules/account-policy.ts';
import { effectivePolicy, type PolicyBounds } from '../rules/policy.ts';
import { insertSession } from '../sessions/insert-session.sql.ts';
import { revokeSession } from '../sessions/revoke.sql.ts';
import { touchSession } from '../sessions/touch.sql.ts';
import { createPasswordHasher } from '../sign-in/password-hashing.ts';
import { createAccount } from '../users/create-account.ts';
import { newUser } from '../users/new-user.ts';
import { createPasswordLinks } from '../users/password-links.ts';
import {
  APPLICATION,
  DEACTIVATED_AGO,
  DEMO_ACCOUNT,
  DEMO_MEMBER_EMAIL,
  DEMO_OWNER_EMAIL,
  DEMO_POLICY,
  EARLIER_POLICY,
  EPISODES,
  INVITED_AGO,
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
 * Creates the demo account once: not again when it was deleted. Its two passwords are generated at the first start and
 * stored in the data folder, so every start can return them. Resets a password that was changed since. Returns the
 * sign-ins of those two users who were not deleted.
 */
export async function ensureDemo(app: App, config: Config): Promise<DemoSignIn[]> {
  const file = resolve(config.database.dataDir, 'demo-sign-in.json');
  const passwords = await readOrGenerate(file, generatePasswords, readPasswords);
  const { database } = app;
  if (!(await wasCreated(database.em()))) {
    const audit = createAudit({ retentionDays: config.retention.auditDays });
    await createDemo({ database, audit, bounds: config.policy, publicUrl: app.url }, app.clock.now());
  }
  const signIns: DemoSignIn[] = [
    { role: 'owner', email: DEMO_OWNER_EMAIL, password: passwords.owner },
    { role: 'member', email: DEMO_MEMBER_EMAIL, password: passwords.member },
  ];
  return setPasswords(database, signIns);
}

/** Also when it was deleted. Someone else may have the owner's e-mail then. */
const wasCreated = async (em: EntityManager): Promise<boolean> =>
  (await em.count(Account, { isDemo: true })) > 0 ||
  (await em.count(User, { signInEmail: DEMO_OWNER_EMAIL })) > 0;

interface Dependencies {
  database: Database;
  audit: Audit;
  bounds: PolicyBounds;
  publicUrl: string;
}

async function createDemo(dependencies: Dependencies, now: Date): Promise<void> {
  const { database, audit } = dependencies;
  const longAgo = minutesBefore(now, 30 * 24 * 60);
  const owner = PEOPLE[0]!;
  const given = { name: DEMO_ACCOUNT, ownerEmail: owner.email, ownerName: owner.name, isDemo: true };
  const { accountId, ownerId } = await createAccount(given, dependencies, longAgo);
  const passwords = await createPasswordHasher();
  const unknownPassword = await passwords.hash(newPassword(), null);
  await database.longTransaction(COMMAND_TIMEOUT_MS, async (em) => {
    for (const person of PEOPLE.slice(1)) em.persist(createUser(accountId, person, unknownPassword, longAgo));
    await em.flush();
    const users = new Map((await em.find(User, { accountId })).map((user) => [user.email, user]));
    const actor = { id: ownerId, name: owner.name };
    for (const user of users.values()) {
      if (user.id === ownerId) continue;
      const event = {
        accountId,
        resource: { type: 'user' as const, id: user.id },
        ...creationEvent(user, actor),
      };
      await audit.record(em, event, longAgo);
    }
    await invite(em, users, dependencies, now);
    for (const { email, isDeactivated } of PEOPLE)
      if (isDeactivated)
        await deactivate(em, users.get(email)!, actor, audit, minutesBefore(now, DEACTIVATED_AGO));
    for (const episode of EPISODES)
      await playEpisode(em, users.get(episode.email)!, episode, dependencies, now);
    await shortenLimits(em, accountId, actor, dependencies, minutesBefore(now, POLICY_CHANGED_MINUTES_AGO));
  });
}

/** A user of the account's application cannot sign in at Curfew, nor one who has not used their link. */
function createUser(accountId: string, person: Person, passwordHash: string, when: Date): User {
  const { externalId, isInvited = false, isDeactivated = false, ...given } = person;
  const user = Object.assign(newUser({ accountId, ...given }, when), { isActive: !isDeactivated });
  if (externalId !== undefined) return Object.assign(user, { externalId, signInEmail: null });
  return isInvited ? user : Object.assign(user, { passwordHash });
}

/** Gives those who are invited a link that still works. No one is told it: an owner can make a new one. */
async function invite(
  em: EntityManager,
  users: ReadonlyMap<string, User>,
  { publicUrl }: Dependencies,
  now: Date,
): Promise<void> {
  const invited = PEOPLE.filter(({ isInvited }) => isInvited);
  const links = invited.map(({ email, role }) => ({ id: users.get(email)!.id, role }));
  await createPasswordLinks(em, links, publicUrl, minutesBefore(now, INVITED_AGO));
}

async function deactivate(
  em: EntityManager,
  { id, accountId }: User,
  actor: { id: string; name: string },
  audit: Audit,
  when: Date,
): Promise<void> {
  const resource = { type: 'user' as const, id };
  const details = { ended_sessions: 0 };
  await audit.record(
    em,
    { accountId, action: 'user.deactivated', actor, resource, details, ipAddress: '192.0.2.10' },
    when,
  );
}

/** Returns the audit event of a user's creation: invited by the owner, or created with the service key. */
function creationEvent({ email, role, externalId }: User, owner: { id: string; name: string }) {
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

/** Creates one session with the statements of a real one, at its times in the story. */
async function playEpisode(
  em: EntityManager,
  user: User,
  episode: Episode,
  { audit, bounds }: Dependencies,
  now: Date,
): Promise<void> {
  const isEarlier = episode.signedInAgo > POLICY_CHANGED_MINUTES_AGO;
  const policy = effectivePolicy(isEarlier ? EARLIER_POLICY : DEMO_POLICY, bounds);
  const { ipAddress, userAgent, appType = 'CONTROL_PANEL' } = episode;
  const signedInAt = minutesBefore(now, episode.signedInAgo);
  const actor = user.externalId === null ? { id: user.id, name: user.name } : { id: null, name: APPLICATION };
  const about = { accountId: user.accountId, actor, ipAddress };
  // A service key acts for a user, whom the row names.
  const whose = actor.id === null ? { user_id: user.id } : {};
  const authentication = { method: user.externalId === null ? 'PASSWORD' : 'SERVICE' } as const;
  const session = await insertSession(
    em,
    { accountId: user.accountId, userId: user.id, appType, policy, ipAddress, userAgent, authentication },
    signedInAt,
  );
  const resource = { type: 'session' as const, id: session.id };
  const details = {
    app_type: appType,
    idle_seconds: session.idleSeconds,
    absolute_seconds: session.absoluteSeconds,
    ...whose,
  };
  await audit.record(em, { ...about, action: 'session.started', resource, details }, signedInAt);
  // Activity in between keeps the session from expiring before its last activity.
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
    await revokeSession(em, session, reason, endedAt);
    const action = reason === 'REFRESH_TOKEN_REUSED' ? 'session.refresh_reuse_detected' : 'session.ended';
    await audit.record(em, { ...about, action, resource, details: { reason, ...whose } }, endedAt);
  }
  if (!user.lastLoginAt || user.lastLoginAt < signedInAt) user.lastLoginAt = signedInAt;
}

async function shortenLimits(
  em: EntityManager,
  accountId: string,
  actor: { id: string; name: string },
  { audit, bounds }: Dependencies,
  when: Date,
): Promise<void> {
  const account = await em.findOneOrFail(Account, accountId);
  Object.assign(account, DEMO_POLICY, {
    policyVersion: 1,
    policyUpdatedAt: when,
    policyUpdatedById: actor.id,
  });
  const policy = { ...policyOf(DEMO_POLICY), apply: 'NEXT_LOGIN' as const };
  const details = policyChangeDetails(policyOf({}), policy, null, bounds);
  const resource = { type: 'account' as const, id: accountId };
  await audit.record(
    em,
    { accountId, action: 'account.session_policy_update', actor, resource, details, ipAddress: '192.0.2.10' },
    when,
  );
}

/** An e-mail that is free again may belong to a user of another account, who is left alone. */
async function setPasswords(database: Database, signIns: DemoSignIn[]): Promise<DemoSignIn[]> {
  const passwords = await createPasswordHasher();
  const current: DemoSignIn[] = [];
  for (const signIn of signIns) {
    const { email, password } = signIn;
    const em = database.em();
    const user = await em.findOne(User, { signInEmail: email });
    if (!user || !(await isInDemo(em, user))) continue;
    current.push(signIn);
    const isCurrent = await passwords.inSlot(null, (matches) => matches(user.passwordHash ?? null, password));
    if (isCurrent) continue;
    user.passwordHash = await passwords.hash(password, null);
    user.passwordVersion += 1;
    await em.flush();
  }
  return current;
}

const isInDemo = async (em: EntityManager, { accountId }: User): Promise<boolean> =>
  (await em.count(Account, { id: accountId, isDemo: true, deletedAt: null })) === 1;

const newPassword = (): string => randomBytes(12).toString('base64url');

const generatePasswords = (): string => JSON.stringify({ owner: newPassword(), member: newPassword() });

/** Null: the file does not hold two passwords. */
function readPasswords(text: string): { owner: string; member: string } | null {
  try {
    const { owner, member } = JSON.parse(text) as Record<string, unknown>;
    return typeof owner === 'string' && typeof member === 'string' && owner && member
      ? { owner, member }
      : null;
  } catch {
    return null;
  }
}

const minutesBefore = (now: Date, minutes: number): Date => addSeconds(now, -minutes * 60);
