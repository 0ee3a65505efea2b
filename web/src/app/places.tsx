import { msg } from '@lingui/core/macro';
import type { MessageDescriptor } from '@lingui/core';
import {
  FileCheck,
  KeyRound,
  MonitorCog,
  MonitorSmartphone,
  ScrollText,
  ShieldCheck,
  UserRound,
  Users,
  Webhook,
  type LucideIcon,
} from 'lucide-react';

export interface Place {
  to: string;
  name: MessageDescriptor;
  icon: LucideIcon;
  /** Whether only owners see it. */
  isForOwners: boolean;
}

export interface PlaceGroup {
  /** Null: the places of the person, which need no heading. */
  name: MessageDescriptor | null;
  places: readonly Place[];
}

/** The places of the dashboard, in the order of the side bar. */
const PLACE_GROUPS: readonly PlaceGroup[] = [
  {
    name: msg`For owners`,
    places: [
      { to: '/account/security', name: msg`Policy`, icon: ShieldCheck, isForOwners: true },
      { to: '/account/security/sessions', name: msg`Sessions`, icon: MonitorCog, isForOwners: true },
      { to: '/account/people', name: msg`People`, icon: Users, isForOwners: true },
      { to: '/account/applications', name: msg`Applications`, icon: KeyRound, isForOwners: true },
      { to: '/account/events', name: msg`Events`, icon: Webhook, isForOwners: true },
      { to: '/account/audit', name: msg`Audit`, icon: ScrollText, isForOwners: true },
      { to: '/account/evidence', name: msg`Evidence`, icon: FileCheck, isForOwners: true },
    ],
  },
  {
    name: null,
    places: [
      { to: '/account', name: msg`Account`, icon: UserRound, isForOwners: false },
      { to: '/account/sessions', name: msg`Your sessions`, icon: MonitorSmartphone, isForOwners: false },
    ],
  },
];

/** The groups that a person sees. */
export const placesFor = (isOwner: boolean): PlaceGroup[] =>
  PLACE_GROUPS.map(({ name, places }) => ({
    name,
    places: places.filter(({ isForOwners }) => isOwner || !isForOwners),
  })).filter(({ places }) => places.length > 0);
