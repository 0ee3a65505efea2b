import { useQuery } from '@apollo/client/react';
import { useLingui } from '@lingui/react/macro';
import { useSession } from '@curfew/client/react';
import { Page } from '../../components/page.tsx';
import { AccountOverviewDocument } from '../../generated/account-operations.ts';
import { useOnReturn } from '../../lib/use-on-return.ts';
import { AccountName } from './account-name.tsx';
import { AccountPlaces } from './account-places.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { ThisSession } from './this-session.tsx';
import { YourDetails } from './your-details.tsx';

/** The home page: the other places, the user, this session, and for owners the account itself. */
export function AccountPage() {
  const { t } = useLingui();
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
  // Newer than what this tab knows of its user: another owner may have renamed the account.
  const accountName = overview?.viewer?.account.name ?? user.account.name;
  return (
    <Page title={t`Your account`}>
      <AccountPlaces isOwner={isOwner} overview={overview} />
      <YourDetails user={{ ...user, account: { ...user.account, name: accountName } }} />
      <ThisSession />
      {isOwner && (
        <>
          <AccountName name={accountName} />
          <DeleteAccount name={accountName} />
        </>
      )}
    </Page>
  );
}
