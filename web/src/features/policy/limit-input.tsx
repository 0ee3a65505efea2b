import { Input, NativeSelect } from '@mantine/core';
import type { Ref } from 'react';
import { type LimitField, type Unit, UNITS } from './limit-field.ts';
import classes from './limit-input.module.css';

interface LimitInputProps {
  label: string;
  description: string;
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
  const { label, description, field, error, isDisabled, ref, onChange, onLeave } = props;
  return (
    <Input.Wrapper label={label} description={description} error={error} className={classes.limit}>
      <div className={classes.pair}>
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
          aria-label={`Unit of the ${label.toLowerCase()}`}
          data={UNITS}
          value={field.unit}
          disabled={isDisabled}
          onChange={({ currentTarget }) => onChange({ ...field, unit: currentTarget.value as Unit })}
        />
      </div>
    </Input.Wrapper>
  );
}
