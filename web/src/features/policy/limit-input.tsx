import { useLingui } from '@lingui/react/macro';
import { Input, NativeSelect } from '@mantine/core';
import type { Ref } from 'react';
import { type LimitField, type Unit, UNITS } from './limit-field.ts';
import classes from './limit-input.module.css';

export interface LimitInputProps {
  label: string;
  /** The label of the select. */
  unitLabel: string;
  description?: string;
  field: LimitField;
  error?: string;
  isDisabled: boolean;
  ref?: Ref<HTMLInputElement>;
  onChange(field: LimitField): void;
  /** Called when a field loses the focus; from then on its errors are shown. */
  onLeave(): void;
}

/** A number input with a select for its unit. */
export function LimitInput(props: LimitInputProps) {
  const { label, unitLabel, description, field, error, isDisabled, ref, onChange, onLeave } = props;
  const { t } = useLingui();
  const names: Record<Unit, string> = { minutes: t`minutes`, hours: t`hours`, days: t`days` };
  return (
    <Input.Wrapper label={label} description={description} error={error} className={classes.limit}>
      <div
        className={classes.pair}
        data-described={description !== undefined || undefined}
        data-wrong={error !== undefined || undefined}
      >
        <Input
          ref={ref}
          className={classes.amount}
          inputMode="numeric"
          autoComplete="off"
          value={field.amount}
          disabled={isDisabled}
          error={Boolean(error)}
          onChange={({ currentTarget }) => onChange({ ...field, amount: currentTarget.value })}
          onBlur={onLeave}
        />
        <NativeSelect
          className={classes.unit}
          aria-label={unitLabel}
          data={UNITS.map((unit) => ({ value: unit, label: names[unit] }))}
          value={field.unit}
          disabled={isDisabled}
          onChange={({ currentTarget }) => onChange({ ...field, unit: currentTarget.value as Unit })}
        />
      </div>
    </Input.Wrapper>
  );
}
