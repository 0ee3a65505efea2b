import { Trans, useLingui } from '@lingui/react/macro';
import { useElementSize } from '@mantine/hooks';
import { useId, useState } from 'react';
import classes from './expiry-forecast-chart.module.css';
import { type LocalForecastSlice, ticksFor, totalOf } from './expiry-forecast.ts';
import { sliceLabels } from './slice-labels.ts';

const HEIGHT = 190;
const TOP = 10;
const BOTTOM = 26;
const LEFT = 30;
const PLOT = HEIGHT - TOP - BOTTOM;
/** Approximate width of a label on the time axis. */
const LABEL_WIDTH = 84;
const SLICES_PER_LABEL = [2, 4, 6, 8, 12, 24];

/** One bar per slice: ends at the idle limit below, at the absolute limit on top. The table has the numbers for screen readers. */
export function ExpiryForecastChart({ slices }: { slices: readonly LocalForecastSlice[] }) {
  const { t, i18n } = useLingui();
  const { ref, width } = useElementSize();
  const hatch = useId();
  const [pointed, setPointed] = useState<number | null>(null);

  const labels = sliceLabels(slices[0]!.from, slices.at(-1)!.to);
  const ticks = ticksFor(Math.max(...slices.map(totalOf)));
  const top = ticks.at(-1)!;
  const step = Math.max(0, width - LEFT - 6) / slices.length;
  const x = (index: number) => LEFT + index * step;
  const y = (amount: number) => TOP + PLOT * (1 - amount / top);
  const perLabel = SLICES_PER_LABEL.find((count) => count * step >= LABEL_WIDTH) ?? slices.length;
  const slice = pointed === null ? undefined : slices[pointed];
  const reading = ({ from, to, idle, absolute }: LocalForecastSlice) => {
    const span = labels.span(from, to);
    return t`${span}: ${idle} at the idle limit, ${absolute} at the absolute limit`;
  };

  return (
    <figure className={classes.figure} aria-hidden>
      <figcaption className={classes.legend}>
        <span>
          <svg width="14" height="14">
            <rect width="14" height="14" rx="3" className={classes.idle} />
          </svg>
          <Trans>Idle limit</Trans>
        </span>
        <span>
          <svg width="14" height="14">
            <rect width="14" height="14" rx="3" className={classes.absolute} fill={`url(#${hatch})`} />
          </svg>
          <Trans>Absolute limit</Trans>
        </span>
        <span className={classes.reading}>{slice && reading(slice)}</span>
      </figcaption>
      <div ref={ref} className={classes.plot} onPointerLeave={() => setPointed(null)}>
        <svg width={width} height={HEIGHT} focusable="false">
          <defs>
            <pattern
              id={hatch}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="6" height="6" className={classes.hatchGround} />
              <rect width="2.5" height="6" className={classes.hatchLine} />
            </pattern>
          </defs>
          {ticks.map((tick) => (
            <g key={tick}>
              <line
                x1={LEFT}
                x2={width}
                y1={y(tick)}
                y2={y(tick)}
                className={classes.grid}
                data-is-base={tick === 0}
              />
              <text x={LEFT - 8} y={y(tick)} dy="0.32em" textAnchor="end" className={classes.label}>
                {i18n.number(tick)}
              </text>
            </g>
          ))}
          {slices.map((each, index) => (
            <g key={each.startsAt} onPointerEnter={() => setPointed(index)}>
              <rect x={x(index)} y={TOP} width={step} height={PLOT} className={classes.column} />
              <rect
                x={x(index) + step * 0.14}
                y={y(each.idle)}
                width={step * 0.72}
                height={y(0) - y(each.idle)}
                className={classes.idle}
              />
              <rect
                x={x(index) + step * 0.14}
                y={y(totalOf(each))}
                width={step * 0.72}
                height={y(each.idle) - y(totalOf(each))}
                className={classes.absolute}
                fill={`url(#${hatch})`}
              />
              {index % perLabel === 0 && (
                <text x={x(index)} y={HEIGHT - 7} className={classes.label} textAnchor="start">
                  {labels.moment(each.from)}
                </text>
              )}
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}
