import { plural, t } from '@lingui/core/macro';
import { useLingui } from '@lingui/react';
import {
  FileCheck,
  KeyRound,
  Laptop,
  MonitorSmartphone,
  ScrollText,
  ShieldCheck,
  SquareAsterisk,
  Users,
  Webhook,
} from 'lucide-react';
import type { AccountOverviewQuery } from '../../generated/account-operations.ts';
import { inWords } from '../../lib/duration.ts';
import { PRESET_NAMES } from '../../lib/preset-names.ts';
import { AccountLink, AccountLinks } from './account-links.tsx';

interface AccountPlacesProps {
  isOwner: boolean;
  /** Undefined while it loads. */
  overview: AccountOverviewQuery | undefined;
}

/** Links to the other pages, each with what is done there or how things are. */
export function AccountPlaces({ isOwner, overview }: AccountPlacesProps) {
  // Renders again when the language changes; `t` reads the language that is active.
  useLingui();
  const count = overview?.sessions.totalCount ?? null;
  return (
    <AccountLinks>
      {isOwner && <OwnerPlaces overview={overview} />}
      <AccountLink
        to="/account/sessions"
        icon={<Laptop size={22} />}
        title={t`Your sessions`}
        value={
          count === null
            ? ' '
            : plural(count, { one: 'Signed in only here', other: '# sessions, including this one' })
        }
      />
      <AccountLink
        to="/account/sessions#password"
        icon={<SquareAsterisk size={22} />}
        title={t`Password`}
        value={t`Change it and sign out everywhere else`}
      />
    </AccountLinks>
  );
}

function OwnerPlaces({ overview }: Pick<AccountPlacesProps, 'overview'>) {
  // Renders again when the language changes; `t` reads the language that is active.
  useLingui();
  return (
    <>
      <AccountLink
        to="/account/security"
        icon={<ShieldCheck size={22} />}
        title={t`Policy`}
        value={overview?.sessionPolicy ? policyInWords(overview.sessionPolicy) : ' '}
      />
      <AccountLink
        to="/account/security/sessions"
        icon={<MonitorSmartphone size={22} />}
        title={t`Sessions`}
        value={t`See who is signed in, and sign people out`}
      />
      <AccountLink
        to="/account/people"
        icon={<Users size={22} />}
        title={t`People`}
        value={t`Invite people, and decide who is an owner`}
      />
      <AccountLink
        to="/account/applications"
        icon={<KeyRound size={22} />}
        title={t`Applications`}
        value={t`Give your own applications a service key`}
      />
      <AccountLink
        to="/account/events"
        icon={<Webhook size={22} />}
        title={t`Events`}
        value={t`Tell other systems when sessions end`}
      />
      <AccountLink
        to="/account/audit"
        icon={<ScrollText size={22} />}
        title={t`Audit`}
        value={t`See who did what, and when`}
      />
      <AccountLink
        to="/account/evidence"
        icon={<FileCheck size={22} />}
        title={t`Evidence`}
        value={t`Show which standards the policy meets`}
      />
    </>
  );
}

function policyInWords({
  preset,
  effectiveIdleMinutes,
  effectiveAbsoluteMinutes,
  rules,
}: NonNullable<AccountOverviewQuery['sessionPolicy']>): string {
  const name = PRESET_NAMES[preset];
  const [idle, absolute] = [inWords(effectiveIdleMinutes), inWords(effectiveAbsoluteMinutes)];
  const limits = t`${name}: ${idle} without activity, ${absolute} at most`;
  const count = rules.length;
  if (count === 0) return limits;
  return plural(count, { one: `${limits}, and # rule`, other: `${limits}, and # rules` });
}
