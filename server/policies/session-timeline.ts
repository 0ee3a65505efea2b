import { inWords, limitsInWords, sourceInWords } from '../rules/explained-words.ts';
import type { LimitStep } from '../rules/limit-history.ts';
import type { ExpiryReason } from '../generated/schema.ts';
import type { Session } from '../rules/session.ts';
import {
  absoluteWarningAt,
  absoluteWarningLead,
  idleWarningAt,
  idleWarningLead,
  type WarningSettings,
} from '../rules/warning-lead.ts';
import type { PolicyVersion } from './policy-versions.sql.ts';
import type { ExplainedSession } from './session-explanation.texts.ts';
import { limitsOfDetails, roleChangesOf } from './session-limit-trace.ts';
import type { SessionOrigin, StoryEvent } from './session-story.sql.ts';

/** A moment in the life of a session. */
export interface TimelineEntry {
  at: Date;
  kind: string;
  text: string;
  /** The version of the policy that it is about. */
  policyVersion?: number;
}

/** What the time line of a session is made of. */
export interface TimelineParts {
  explained: ExplainedSession;
  story: readonly StoryEvent[];
  versions: readonly PolicyVersion[];
  /** Since the latest authentication. */
  steps: readonly LimitStep[];
  end: TimelineEntry;
  /** The deadline that ends it, or has. Null: it was ended before. */
  deadline: ExpiryReason | null;
  warnings: WarningSettings;
}

/** From the sign-in to the end, in order. The end is the last entry, also among those of its moment. */
export function timelineOf(parts: TimelineParts): TimelineEntry[] {
  const { explained, end } = parts;
  const start = beginning(parts);
  const between = [...changesBefore(parts), ...changesSince(parts), ...lastActivity(explained.session)];
  return [
    ...[...start, ...between, ...warningOf(parts)]
      .filter(({ at }) => at >= start[0]!.at && at <= end.at)
      // Entries of one moment stay in this order.
      .toSorted((one, other) => one.at.getTime() - other.at.getTime()),
    end,
  ];
}

/** The sign-in, and later authentications. The first one is there in any case: the trail may no longer have the sign-in. */
function beginning({ explained, story, steps }: TimelineParts): TimelineEntry[] {
  const { session, userName, origin } = explained;
  const started = story.find(({ action }) => action === 'session.started');
  const again = story.filter(({ action }) => action === 'session.reauthenticated');
  const [first] = steps;
  const under =
    first?.cause === 'SIGN_IN'
      ? ` Limits of ${sourceInWords(first.version, first.rule)}: ${limitsInWords(first.limits)}.`
      : '';
  const at = started?.at ?? (again.length > 0 ? null : session.authenticatedAt);
  // The row of the session has the method of the latest authentication only.
  const method =
    again.length === 0 ? origin.method : typeof started?.details.provider === 'string' ? 'OIDC' : null;
  const limitsAtStart = again.length > 0 ? limitsFromDetails(started?.details ?? {}) : under;
  return [
    ...(at === null
      ? []
      : [
          {
            at,
            kind: 'SIGNED_IN',
            text: signInText(userName, session, { ...origin, method }) + limitsAtStart,
          },
        ]),
    ...again.map((event, index) => ({
      at: event.at,
      kind: 'REAUTHENTICATED',
      text: `${userName} authenticated again, and both limits count from here.${index === again.length - 1 ? under : ''}`,
    })),
  ];
}

/** What the row of a sign-in says of its limits, which a later authentication has replaced. */
function limitsFromDetails(details: Record<string, unknown>): string {
  const limits = limitsOfDetails(details);
  return limits === null ? '' : ` Limits: ${limitsInWords(limits)}.`;
}

function signInText(userName: string, { idleSeconds }: Session, origin: SessionOrigin): string {
  const { isImported, isOfService, method, serviceKeyName } = origin;
  if (isImported)
    return idleSeconds === null
      ? `The token of ${userName} was issued, with which the session was imported.`
      : `The imported session of ${userName} was refreshed for the first time, and both limits count from here.`;
  if (isOfService)
    return `${serviceKeyName === null ? 'An application' : `The application ${serviceKeyName}`} created the session of ${userName}.`;
  switch (method) {
    case 'PASSWORD':
      return `${userName} signed in with a password.`;
    case 'PASSWORD_LINK':
      return `${userName} set a password and was signed in.`;
    case 'OIDC':
      return `${userName} signed in at an identity provider.`;
    default:
      return `${userName} signed in.`;
  }
}

const keptLimits = ({ version, createdAt }: PolicyVersion): TimelineEntry => ({
  at: createdAt,
  kind: 'POLICY_SAVED',
  policyVersion: version,
  text: `Version ${version} was saved for new sessions. This one kept its limits.`,
});

/** Versions and changes of role between the sign-in and a later authentication, which has replaced what they did. */
function changesBefore({ explained, story, versions }: TimelineParts): TimelineEntry[] {
  const { authenticatedAt } = explained.session;
  const started = story.find(({ action }) => action === 'session.started');
  if (!started || started.at >= authenticatedAt) return [];
  const isBetween = (at: Date): boolean => at > started.at && at < authenticatedAt;
  return [
    ...versions
      .filter(({ createdAt }) => isBetween(createdAt))
      .map((version) =>
        version.apply === 'NEXT_LOGIN'
          ? keptLimits(version)
          : {
              at: version.createdAt,
              kind: 'POLICY_APPLIED',
              policyVersion: version.version,
              text: `Version ${version.version} was applied to live sessions.`,
            },
      ),
    ...roleChangesOf(story)
      .filter(({ at }) => isBetween(at))
      .map(({ at }) => ({ at, kind: 'ROLE_CHANGED', text: `The user's role changed.` })),
  ];
}

/** Versions and changes of role after the latest authentication, with what they did to the session. */
function changesSince({ explained, versions, steps, end }: TimelineParts): TimelineEntry[] {
  const { session } = explained;
  const start = steps.find(({ cause }) => cause === 'SIGN_IN');
  // An account may have very many versions.
  const applied = new Set(steps.flatMap(({ cause, version }) => (cause === 'POLICY' ? version : [])));
  const effects = steps
    .filter(({ cause }) => cause !== 'SIGN_IN')
    .map(({ at, cause, version, rule, limits, isChange }) => {
      const source = sourceInWords(version, rule);
      const what =
        cause === 'ROLE'
          ? `The user's role changed (${source})`
          : `Version ${version} was applied to live sessions`;
      return {
        at,
        kind: cause === 'ROLE' ? 'ROLE_CHANGED' : 'POLICY_APPLIED',
        policyVersion: version,
        text: isChange
          ? `${what}: ${limitsInWords(limits)} from then on.`
          : `${what}. Nothing became shorter.`,
      };
    });
  const saved = versions
    .filter(({ apply }) => apply === 'NEXT_LOGIN')
    .filter(({ version }) => !applied.has(version))
    // Of that very millisecond the trace says which one was there first.
    .filter(({ version, createdAt }) =>
      createdAt.getTime() === session.authenticatedAt.getTime() && start
        ? version > start.version
        : createdAt > session.authenticatedAt,
    )
    .filter(({ createdAt }) => createdAt < end.at)
    .map(keptLimits);
  return [...effects, ...saved];
}

const lastActivity = ({ lastActivityAt, authenticatedAt }: Session): TimelineEntry[] =>
  lastActivityAt > authenticatedAt
    ? [
        {
          at: lastActivityAt,
          kind: 'LAST_ACTIVITY',
          text: 'The last activity. The idle limit counts from here.',
        },
      ]
    : [];

/** The warning of the deadline that ends the session. One that was ended otherwise need not have come so far. */
function warningOf({ explained: { session }, deadline, end, warnings }: TimelineParts): TimelineEntry[] {
  if (deadline === null) return [];
  const isIdle = deadline === 'IDLE';
  const at = isIdle ? idleWarningAt(session, warnings) : absoluteWarningAt(session, warnings);
  const seconds = isIdle ? idleWarningLead(session, warnings) : absoluteWarningLead(session, warnings);
  if (seconds <= 0 || at >= end.at || at < session.authenticatedAt) return [];
  const lead = seconds % 60 === 0 ? inWords(seconds / 60) : `${seconds} seconds`;
  const limit = isIdle ? 'idle' : 'absolute';
  return [{ at, kind: 'WARNING', text: `The warning is due: ${lead} before the ${limit} deadline.` }];
}
