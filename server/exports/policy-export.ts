import { stringify } from 'csv-stringify/sync';
import { Account } from '../accounts/account.entity.ts';
import { User } from '../accounts/user.entity.ts';
import { listPolicyVersions, type PolicyVersion } from '../policies/policy-versions.sql.ts';
import { policyOf, type AccountPolicy } from '../rules/account-policy.ts';
import type { Viewer } from '../rules/caller.ts';
import { effectivePolicy, type PolicyBounds, type PolicyOverrides } from '../rules/policy.ts';
import type { PolicyRule } from '../rules/policy-rules.ts';
import { judgePolicy } from '../rules/standard-verdicts.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import { toCell } from './cells.ts';
import { recordExport, type ExportDependencies, type StartedExport } from './record-export.ts';

export const POLICY_FORMATS = ['csv', 'json'] as const;
export type PolicyFormat = (typeof POLICY_FORMATS)[number];

export const isPolicyFormat = (text: unknown): text is PolicyFormat =>
  POLICY_FORMATS.some((format) => format === text);

/**
 * Records an export of the account's policy and starts it: the policy, what standards say about it, and every version.
 * @throws UNAUTHENTICATED, FORBIDDEN when the caller is no owner any more, REAUTHENTICATION_REQUIRED
 */
export type StartPolicyExport = (
  viewer: Viewer,
  format: PolicyFormat,
  ipAddress: string | null,
) => Promise<StartedExport>;

/** Versions that an export holds in memory, beside what the connection buffers. */
const PAGE_SIZE = 250;

/** The columns of the CSV file, in order. Other programs read them by name and by place: they never change. */
const COLUMNS = [
  'record',
  'version',
  'created_at',
  'created_by_id',
  'created_by_name',
  'idle_minutes',
  'absolute_minutes',
  'effective_idle_minutes',
  'effective_absolute_minutes',
  'rules',
  'max_sessions_per_user',
  'session_limit_action',
  'apply',
  'ended_sessions',
  'shortened_sessions',
  'restored_from',
  'standard_id',
  'standard_title',
  'standard_revision',
  'standard_url',
  'standard_verdict',
  'check_clause',
  'check_text',
  'check_level',
  'check_subject',
  'check_limit',
  'check_actual',
  'check_verdict',
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], unknown>>;

export function createPolicyExport(
  dependencies: ExportDependencies & { bounds: PolicyBounds; warnings: WarningSettings },
): StartPolicyExport {
  const { database, bounds, warnings } = dependencies;

  async function readPolicy(accountId: string) {
    const em = database.em();
    const account = await database.withTimeout(em.findOneOrFail(Account, accountId));
    const updatedById = account.policyUpdatedById ?? null;
    const names = await namesOf(updatedById === null ? [] : [updatedById]);
    const policy = {
      version: account.policyVersion,
      updated_at: account.policyUpdatedAt?.toISOString() ?? null,
      updated_by_id: updatedById,
      updated_by_name: updatedById === null ? null : (names.get(updatedById) ?? null),
      ...limitsOf(account, policyOf(account)),
    };
    const verdicts = judgePolicy(policyOf(account), bounds, warnings).map(({ checks, ...standard }) => ({
      ...standard,
      checks: checks.map(({ limitMinutes, actualMinutes, ...check }) => ({
        ...check,
        limit: limitMinutes ?? null,
        actual: actualMinutes ?? null,
      })),
    }));
    return { policy, verdicts };
  }

  const limitsOf = (
    stored: PolicyOverrides & {
      effectiveIdleMinutes?: number | null;
      effectiveAbsoluteMinutes?: number | null;
    },
    policy: AccountPolicy,
  ) => {
    const effective = effectivePolicy(stored, bounds);
    return {
      idle_minutes: policy.idleMinutes ?? null,
      absolute_minutes: policy.absoluteMinutes ?? null,
      effective_idle_minutes: stored.effectiveIdleMinutes ?? effective.idleMinutes,
      effective_absolute_minutes: stored.effectiveAbsoluteMinutes ?? effective.absoluteMinutes,
      rules: policy.rules.map(toRule),
      max_sessions_per_user: policy.maxSessionsPerUser,
      session_limit_action: policy.sessionLimitAction,
    };
  };

  async function namesOf(userIds: readonly string[]): Promise<Map<string, string>> {
    const users = await database.withTimeout(
      database.em().find(User, { id: { $in: [...new Set(userIds)] } }),
    );
    return new Map(users.map(({ id, name }) => [id, name]));
  }

  /** Newest first, each page read when the one before was taken. */
  async function* readVersions(accountId: string, upTo: number) {
    for (let before: number = upTo + 1; ;) {
      const page: PolicyVersion[] = await database.withTimeout(
        listPolicyVersions(database.em(), accountId, before, PAGE_SIZE),
      );
      const names = await namesOf(page.flatMap(({ createdById }) => createdById ?? []));
      yield page.map((version) => ({
        version: version.version,
        created_at: version.createdAt.toISOString(),
        created_by_id: version.createdById,
        created_by_name: version.createdById === null ? null : (names.get(version.createdById) ?? null),
        ...limitsOf(version, policyOf(version)),
        apply: version.apply,
        ended_sessions: version.endedSessions,
        shortened_sessions: version.shortenedSessions,
        restored_from: version.restoredFrom,
      }));
      const last = page.at(-1);
      if (!last || page.length < PAGE_SIZE) return;
      before = last.version;
    }
  }

  type Contents = Awaited<ReturnType<typeof readPolicy>> & { accountId: string };

  async function* asJson({ accountId, policy, verdicts }: Contents): AsyncGenerator<string> {
    const head = JSON.stringify({ account_id: accountId, policy, verdicts });
    yield `${head.slice(0, -1)},"versions":[`;
    let separator = '';
    for await (const page of readVersions(accountId, policy.version)) {
      if (page.length === 0) continue;
      yield separator + page.map((version) => JSON.stringify(version)).join(',\n');
      separator = ',\n';
    }
    yield ']}\n';
  }

  async function* asCsv({ accountId, policy, verdicts }: Contents): AsyncGenerator<string> {
    const { updated_at, updated_by_id, updated_by_name, ...current } = policy;
    const saved = { created_at: updated_at, created_by_id: updated_by_id, created_by_name: updated_by_name };
    yield stringify([[...COLUMNS]]);
    yield toCsv([{ record: 'policy', ...current, ...saved }]);
    yield toCsv(
      verdicts.flatMap(({ id, title, revision, url, verdict, checks }) =>
        checks.map((check) => ({
          record: 'check',
          standard_id: id,
          standard_title: title,
          standard_revision: revision,
          standard_url: url,
          standard_verdict: verdict,
          check_clause: check.clause,
          check_text: check.text,
          check_level: check.level,
          check_subject: check.subject,
          check_limit: check.limit,
          check_actual: check.actual,
          check_verdict: check.verdict,
        })),
      ),
    );
    for await (const page of readVersions(accountId, policy.version))
      yield toCsv(page.map((version) => ({ record: 'version', ...version })));
  }

  return async (viewer, format, ipAddress) => {
    const { accountId } = viewer;
    const now = await recordExport(dependencies, viewer, { export: 'policy', format }, ipAddress);
    // Before the answer begins: an error is still an answer of its own.
    const contents = { accountId, ...(await readPolicy(accountId)) };
    return {
      contentType:
        format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json; charset=utf-8',
      fileName: `curfew-policy-${now.toISOString().slice(0, 10)}.${format}`,
      pieces: format === 'csv' ? asCsv(contents) : asJson(contents),
    };
  };
}

const toCsv = (rows: readonly Row[]): string =>
  stringify(rows.map((row) => COLUMNS.map((column) => toCell(row[column]))));

const toRule = ({ role, appType, idleMinutes, absoluteMinutes }: PolicyRule) => ({
  role,
  app_type: appType,
  idle_minutes: idleMinutes,
  absolute_minutes: absoluteMinutes,
});
