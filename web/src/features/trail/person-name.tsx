import { Trans } from '@lingui/react/macro';
import classes from './person-name.module.css';

export function PersonName({ name, isYou }: { name: string; isYou: boolean }) {
  return (
    <>
      <strong className={classes.name}>{name}</strong>
      {isYou && (
        <span className={classes.you}>
          {' '}
          <Trans>(you)</Trans>
        </span>
      )}
    </>
  );
}
