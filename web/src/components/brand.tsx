import classes from './brand.module.css';

/** The sign and the name; the name says it all, so the sign is silent. */
export function Brand({ size = 30 }: { size?: number }) {
  return (
    <span className={classes.brand}>
      <img src="/favicon.svg" alt="" width={size} height={size} />
      <span>Curfew</span>
    </span>
  );
}
