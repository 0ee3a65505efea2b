import { t } from '@lingui/core/macro';
import { kindInWords, type RuleKind } from './kind-in-words.ts';
import { limitsInWords, type Limits } from './limits-in-words.ts';

/** `Owners in the control panel: signed out after 15 minutes without activity, and after 8 hours at most.` */
export function ruleInWords(rule: RuleKind & Limits): string {
  const kind = kindInWords(rule);
  const limits = limitsInWords(rule);
  return t`${kind}: ${limits}.`;
}
