import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { PolicyApplication } from '../sessions/policy-application.ts';
import type { ActiveUsers } from '../users/active-users.ts';
import { createExplainSessionResolvers } from './explain-session.resolvers.ts';
import { createExplainSession } from './explain-session.ts';
import { createPolicyAtResolvers } from './policy-at.resolvers.ts';
import { createFindPolicyAt } from './policy-at.ts';
import { createPolicyResolvers } from './policy.resolvers.ts';
import { createPolicyService } from './policy.service.ts';
import { createPolicyVersionResolvers } from './policy-versions.resolvers.ts';
import { createListPolicyVersions } from './policy-versions.ts';

export interface PoliciesModule {
  readonly resolvers: readonly Resolvers[];
}

/** The session policy of an account: reading, preview, change, and what it does to live sessions. */
export function createPoliciesModule(
  config: Config,
  dependencies: {
    database: Database;
    audit: Audit;
    clock: Clock;
    sharedReads: SharedReads;
    policyApplication: PolicyApplication;
    activeUsers: ActiveUsers;
    sensitiveMaxAgeSeconds: number;
  },
): PoliciesModule {
  const { activeUsers } = dependencies;
  const policies = createPolicyService({ ...dependencies, bounds: config.policy });
  return {
    resolvers: [
      createPolicyResolvers({ policies, activeUsers, warnings: config.expiry }),
      createPolicyVersionResolvers({
        policies,
        listPolicyVersions: createListPolicyVersions(dependencies),
      }),
      createExplainSessionResolvers({
        explainSession: createExplainSession({
          ...dependencies,
          bounds: config.policy,
          warnings: config.expiry,
        }),
      }),
      createPolicyAtResolvers({
        findPolicyAt: createFindPolicyAt({ ...dependencies, bounds: config.policy }),
      }),
    ],
  };
}
