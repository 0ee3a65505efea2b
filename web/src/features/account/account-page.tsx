import { useQuery } from '@apollo/client/react';
import { KeyRound, MonitorSmartphone, ShieldCheck } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { Page } from '../../components/page.tsx';
import { AccountOverviewDocument, type AccountOverviewQuery } from '../../generated/operations.ts';
import { sessions } from '../../lib/count.ts';
import { inWords } from '../../lib/duration.ts';
import { useOnReturn } from '../../lib/use-on-return.ts';
import { PRESET_NAMES } from '../../lib/preset-names.ts';
import { AccountLink, AccountLinks } from './account-links.tsx';
import { ThisSession } from './this-session.tsx';

/** The home page: links to all settings and the limits of this session. */
export function AccountPage() {
  const { user } = useSession();
  const isOwner = user?.role === 'OWNER';
  const { data, previousData, refetch } = useQuery(AccountOverviewDocument, {
    variables: { userId: user?.id ?? '', isOwner },
    skip: !user,
  });
  useOnReturn(() => void refetch().catch(() => {}));
  if (!user) return null;
  // A failure is not shown here: the page behind each link shows it and offers a retry.
  const overview = data ?? previousData;
  return (
    <Page
      title="Your account"
      intro={`Signed in as ${user.name} (${user.email}), ${isOwner ? 'owner' : 'member'} of ${user.account.name}.`}
    >
      <AccountLinks>
        {isOwner && (
          <AccountLink
            to="/account/security"
            icon={<ShieldCheck size={22} />}
            title="Session security"
            value={overview?.sessionPolicy ? policyInWords(overview.sessionPolicy) : ' '}
          />
        )}
        <AccountLink
          to="/account/sessions"
          icon={<MonitorSmartphone size={22} />}
          title="Your sessions"
          value={overview ? sessionsInWords(overview.sessions.totalCount) : ' '}
        />
        <AccountLink
          to="/account/sessions#password"
          icon={<KeyRound size={22} />}
          title="Password"
          value="Change it and sign out everywhere else"
        />
      </AccountLinks>
      <ThisSession />
    </Page>
  );
}

type Policy = NonNullable<AccountOverviewQuery['sessionPolicy']>;

const policyInWords = ({ preset, effectiveIdleMinutes, effectiveAbsoluteMinutes }: Policy): string =>
  `${PRESET_NAMES[preset]}: ${inWords(effectiveIdleMinutes)} without activity, ${inWords(effectiveAbsoluteMinutes)} at most`;

const sessionsInWords = (count: number): string =>
  count === 1 ? 'Signed in only here' : `${sessions(count)}, including this one`;
