import { t } from '@lingui/core/macro';
import type { AppType, Role } from '../../generated/policy-operations.ts';

/** What a rule is for. Null: everyone, everywhere. */
export interface RuleKind {
  role: Role | null;
  appType: AppType | null;
}

/** Whose sessions where: `Owners in the control panel`. */
export function kindInWords({ role, appType }: RuleKind): string {
  switch (role) {
    case 'OWNER':
      if (appType === null) return t`Owners everywhere`;
      return appType === 'CONTROL_PANEL' ? t`Owners in the control panel` : t`Owners in applications`;
    case 'MEMBER':
      if (appType === null) return t`Members everywhere`;
      return appType === 'CONTROL_PANEL' ? t`Members in the control panel` : t`Members in applications`;
    case null:
      if (appType === null) return t`Everyone everywhere`;
      return appType === 'CONTROL_PANEL' ? t`Everyone in the control panel` : t`Everyone in applications`;
  }
}
