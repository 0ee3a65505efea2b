import type { LimitStep } from '../rules/limit-history.ts';
import type { Session } from '../rules/session.ts';
import type { PolicyVersion } from './policy-versions.sql.ts';
import { timelineOf } from './session-timeline.ts';

const LIMITS = { idleMinutes: 60, absoluteMinutes: 720 };
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1) + second * 1000);

const session: Session = {
  id: 'session',
  accountId: 'account',
  userId: 'user',
  appType: 'CONTROL_PANEL',
  authenticatedAt: at(0),
  lastActivityAt: at(0),
  idleSeconds: 3600,
  absoluteSeconds: 43_200,
  idleExpiresAt: at(3600),
  absoluteExpiresAt: at(43_200),
  ipAddress: null,
  userAgent: null,
  endedAt: null,
  endReason: null,
};

const version = (number: number): PolicyVersion => ({
  version: number,
  createdAt: at(number),
  createdById: null,
  ...LIMITS,
  effectiveIdleMinutes: 60,
  effectiveAbsoluteMinutes: 720,
  policyRules: [],
  maxSessionsPerUser: null,
  sessionLimitAction: null,
  apply: number % 2 === 0 ? 'NEXT_LOGIN' : 'ACTIVE_SESSIONS',
  endedSessions: 0,
  shortenedSessions: 0,
  restoredFrom: null,
});

test('the time line takes a step for each version, not one for each pair of them', () => {
  const versions = Array.from({ length: 1_000 }, (_, index) => version(index + 1));
  let reads = 0;
  const steps = versions
    .filter(({ apply }) => apply === 'ACTIVE_SESSIONS')
    .map((applied): LimitStep => ({
      at: applied.createdAt,
      cause: 'POLICY',
      get version() {
        reads += 1;
        return applied.version;
      },
      rule: null,
      offered: LIMITS,
      limits: LIMITS,
      isChange: false,
    }));
  const timeline = timelineOf({
    explained: {
      session,
      userName: 'Noa',
      origin: { isImported: false, isOfService: false, method: 'PASSWORD', serviceKeyName: null },
      decisive: null,
      idleStep: null,
      absoluteStep: null,
      isCapped: false,
      wasReauthenticated: false,
      maxSessionsAtEnd: null,
    },
    story: [],
    versions,
    steps,
    end: { at: at(3600), kind: 'ENDS', text: 'It ends.' },
    deadline: 'IDLE',
    warnings: { warningSeconds: 300, absoluteWarningSeconds: 300 },
  });
  expect(timeline.filter(({ kind }) => kind === 'POLICY_APPLIED')).toHaveLength(500);
  expect(timeline.filter(({ kind }) => kind === 'POLICY_SAVED')).toHaveLength(500);
  expect(reads).toBeLessThan(5 * steps.length);
});
