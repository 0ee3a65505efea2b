import { type ReactNode, useId } from 'react';
import classes from './choice-card.module.css';

interface ChoiceCardProps {
  /** The name of the radio group. */
  name: string;
  label: string;
  description: ReactNode;
  isChosen: boolean;
  isDisabled?: boolean;
  isWide?: boolean;
  onChoose(): void;
  /** Fields that belong to this choice. */
  children?: ReactNode;
}

/** A radio button that is a whole card. */
export function ChoiceCard(props: ChoiceCardProps) {
  const { name, label, description, isChosen, isDisabled, isWide, onChoose, children } = props;
  const id = useId();
  return (
    <div className={classes.card} data-chosen={isChosen || undefined} data-wide={isWide || undefined}>
      <input
        type="radio"
        id={id}
        name={name}
        className={classes.radio}
        checked={isChosen}
        disabled={isDisabled}
        aria-describedby={`${id}-description`}
        onChange={onChoose}
      />
      <div className={classes.text}>
        <label htmlFor={id} className={classes.label}>
          {label}
        </label>
        <div id={`${id}-description`} className={classes.description}>
          {description}
        </div>
        {children}
      </div>
    </div>
  );
}
