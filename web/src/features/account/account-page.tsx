import { useQuery } from '@apollo/client/react';
import { KeyRound, MonitorSmartphone, ShieldCheck } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { Page } from '../../components/page.tsx';
import { AccountOverviewDocument, type AccountOverviewQuery } from '../../generated/operations.ts';
import { inWords } from '../../lib/duration.ts';
import { useOnReturn } from '../../lib/on-return.ts';
import { AccountLink, AccountLinks } from './account-links.tsx';
import { ThisSession } from './this-session.tsx';

/** Who is signed in, under which limits, and the way to everything that can be set. */
export function AccountPage() {
  const { user } = useSession();
  const isOwner = user?.role === 'OWNER';
  const { data, previousData, refetch } = useQuery(AccountOverviewDocument, {
    variables: { userId: user?.id ?? '', isOwner },
    skip: !user,
  });
  useOnReturn(() => void refetch().catch(() => {}));
  if (!user) return null;
  // What cannot be loaded here is a short form of the page behind the link, which says so and tries again.
  const overview = data ?? previousData;
  return (
    <Page
      title={`Hello, ${user.name}`}
      documentTitle="Your account"
      intro={`${user.email}, ${isOwner ? 'an owner' : 'a member'} of ${user.account.name}.`}
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
          value={overview ? placesInWords(overview.sessions.totalCount) : ' '}
        />
        <AccountLink
          to="/account/sessions#password"
          icon={<KeyRound size={22} />}
          title="Password"
          value="Change it, and sign out everywhere else"
        />
      </AccountLinks>
      <ThisSession />
    </Page>
  );
}

type Policy = NonNullable<AccountOverviewQuery['sessionPolicy']>;

const PRESETS: Record<Policy['preset'], string> = {
  STRICT: 'Strict',
  STANDARD: 'Standard',
  NIST_AAL2: 'NIST AAL2',
  NIST_AAL3: 'NIST AAL3',
  CUSTOM: 'Custom',
};

const policyInWords = ({ preset, effectiveIdleMinutes, effectiveAbsoluteMinutes }: Policy): string =>
  `${PRESETS[preset]}: ${inWords(effectiveIdleMinutes)} without activity, ${inWords(effectiveAbsoluteMinutes)} at most`;

const placesInWords = (count: number): string =>
  count === 1
    ? 'Signed in here, and nowhere else'
    : `Signed in here and in ${count === 2 ? '1 other place' : `${count - 1} other places`}`;
