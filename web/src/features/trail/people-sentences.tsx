import { Plural, Trans } from '@lingui/react/macro';
import { countOf, inBrackets, type Told } from './told.ts';

export function Invited({ who, whom, details }: Told) {
  const email = inBrackets(details.email);
  return details.role === 'OWNER' ? (
    <Trans>
      {who} invited {whom}
      {email} as an owner
    </Trans>
  ) : (
    <Trans>
      {who} invited {whom}
      {email} as a member
    </Trans>
  );
}

export function RoleChanged({ who, whom, isOwn, details }: Told) {
  const isOwner = details.new === 'OWNER';
  if (isOwn)
    return isOwner ? (
      <Trans>{who} changed themselves from a member to an owner</Trans>
    ) : (
      <Trans>{who} changed themselves from an owner to a member</Trans>
    );
  return isOwner ? (
    <Trans>
      {who} changed {whom} from a member to an owner
    </Trans>
  ) : (
    <Trans>
      {who} changed {whom} from an owner to a member
    </Trans>
  );
}

/** The names are gone with a person who was deleted. */
export function Renamed({ who, whom, details }: Told) {
  const { old_name: oldName, new_name: newName } = details;
  return typeof oldName === 'string' && typeof newName === 'string' ? (
    <Trans>
      {who} renamed {oldName} to {newName}
    </Trans>
  ) : (
    <Trans>
      {who} renamed {whom}
    </Trans>
  );
}

export function Deactivated({ who, whom, isOwn, details }: Told) {
  const count = countOf(details.ended_sessions) ?? 0;
  if (isOwn)
    return count === 0 ? (
      <Trans>{who} deactivated themselves</Trans>
    ) : (
      <Trans>
        {who} deactivated themselves, which ended <Plural value={count} one="# session" other="# sessions" />
      </Trans>
    );
  return count === 0 ? (
    <Trans>
      {who} deactivated {whom}
    </Trans>
  ) : (
    <Trans>
      {who} deactivated {whom}, which ended <Plural value={count} one="# session" other="# sessions" />
    </Trans>
  );
}

export function AccountDeleted({ who, details }: Told) {
  const count = countOf(details.ended_sessions) ?? 0;
  return count === 0 ? (
    <Trans>{who} deleted the account</Trans>
  ) : (
    <Trans>
      {who} deleted the account, which ended <Plural value={count} one="# session" other="# sessions" />
    </Trans>
  );
}

export function UserDeleted({ who, isOwn, details }: Told) {
  const count = countOf(details.ended_sessions) ?? 0;
  if (isOwn)
    return count === 0 ? (
      <Trans>{who} deleted themselves</Trans>
    ) : (
      <Trans>
        {who} deleted themselves, which ended <Plural value={count} one="# session" other="# sessions" />
      </Trans>
    );
  return count === 0 ? (
    <Trans>{who} deleted a user</Trans>
  ) : (
    <Trans>
      {who} deleted a user, which ended <Plural value={count} one="# session" other="# sessions" />
    </Trans>
  );
}

export function PasswordChanged({ who, details }: Told) {
  const count = countOf(details.ended_sessions) ?? 0;
  return count === 0 ? (
    <Trans>{who} changed their password</Trans>
  ) : (
    <Trans>
      {who} changed their password, which ended <Plural value={count} one="# session" other="# sessions" />
    </Trans>
  );
}
