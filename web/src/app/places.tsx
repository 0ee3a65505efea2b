import { msg } from '@lingui/core/macro';
import type { MessageDescriptor } from '@lingui/core';
import {
  KeyRound,
  MonitorSmartphone,
  ScrollText,
  ShieldCheck,
  UserRound,
  Users,
  type LucideIcon,
} from 'lucide-react';

export interface Place {
  to: string;
  name: MessageDescriptor;
  icon: LucideIcon;
  /** Whether only owners see it. */
  isForOwners: boolean;
}

/** The places of the dashboard, in the order of the side bar. */
export const PLACES: readonly Place[] = [
  { to: '/account', name: msg`Account`, icon: UserRound, isForOwners: false },
  { to: '/account/security', name: msg`Policy`, icon: ShieldCheck, isForOwners: true },
  { to: '/account/security/sessions', name: msg`Sessions`, icon: MonitorSmartphone, isForOwners: true },
  { to: '/account/people', name: msg`People`, icon: Users, isForOwners: true },
  { to: '/account/applications', name: msg`Applications`, icon: KeyRound, isForOwners: true },
  { to: '/account/audit', name: msg`Audit`, icon: ScrollText, isForOwners: true },
  { to: '/account/sessions', name: msg`Your sessions`, icon: MonitorSmartphone, isForOwners: false },
];
