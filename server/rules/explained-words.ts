import type { PolicyRule } from './policy-rules.ts';
import type { EffectivePolicy } from './policy.ts';

// Words of explanations: sentences that people read as they are.

const HOUR = 60;
const DAY = 24 * HOUR;

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** A duration in words. Up to two days it is in hours, as standards have it: 1440 is "24 hours". */
export function inWords(minutes: number): string {
  const days = minutes >= 2 * DAY ? Math.floor(minutes / DAY) : 0;
  const rest = minutes - days * DAY;
  const [hours, left] = [Math.floor(rest / HOUR), rest % HOUR];
  const parts = [
    days > 0 && counted(days, 'day'),
    hours > 0 && counted(hours, 'hour'),
    (left > 0 || minutes === 0) && counted(left, 'minute'),
  ];
  return parts.filter((part) => part !== false).join(' ');
}

/** Where limits come from, such as "version 3 of the policy, rule for owners in the control panel". */
export function sourceInWords(version: number, rule: PolicyRule | null): string {
  const source = version === 0 ? "the server's own policy" : `version ${version} of the policy`;
  return rule === null ? source : `${source}, rule for ${kindInWords(rule)}`;
}

function kindInWords({ role, appType }: PolicyRule): string {
  const people = role === null ? null : role === 'OWNER' ? 'owners' : 'members';
  const place = appType === null ? null : appType === 'CONTROL_PANEL' ? 'the control panel' : 'applications';
  return people !== null && place !== null ? `${people} in ${place}` : (people ?? place ?? 'everyone');
}

export const limitsInWords = ({ idleMinutes, absoluteMinutes }: EffectivePolicy): string =>
  `${inWords(idleMinutes)} without activity, ${inWords(absoluteMinutes)} at most`;
