import classes from './brand.module.css';

/** Logo and name. The logo is decorative, because the name follows it. */
export function Brand({ size = 30 }: { size?: number }) {
  return (
    <span className={classes.brand}>
      <img src="/favicon.svg" alt="" width={size} height={size} />
      <span>Curfew</span>
    </span>
  );
}
