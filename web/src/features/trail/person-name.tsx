import { Trans } from '@lingui/react/macro';
import classes from './person-name.module.css';

/** What the server leaves of the name of someone who was deleted. */
const DELETED = 'Deleted user';

export function PersonName({ name, isYou }: { name: string; isYou: boolean }) {
  return (
    <>
      <strong className={classes.name}>{name === DELETED ? <Trans>Deleted user</Trans> : name}</strong>
      {isYou && (
        <span className={classes.you}>
          {' '}
          <Trans>(you)</Trans>
        </span>
      )}
    </>
  );
}
