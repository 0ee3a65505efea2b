import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useRef } from 'react';
import { flushSync } from 'react-dom';
import type { Limits } from '../policy-words/limits-in-words.ts';
import { LimitsByKind } from './limits-by-kind.tsx';
import type { Preset } from './policy-draft.ts';
import type { RuleErrors } from './rule-check.ts';
import { isFull, type RuleDraft, withChangedRule, withNewRule, withoutRule } from './rule-drafts.ts';
import { indexOfRuleFor, SESSION_KINDS } from './rule-for.ts';
import { RuleRow } from './rule-row.tsx';
import choice from '../policy-effect/choice-card.module.css';
import classes from './rules.module.css';

export interface ShownRule {
  rule: RuleDraft;
  limits: Limits | null;
  errors: RuleErrors;
}

interface RulesSectionProps {
  rules: ShownRule[];
  /** Those of the account: of sessions that no rule fits. Null: they have an error. */
  limits: Limits | null;
  /** The limits with which a new rule starts. */
  initialLimits: Limits;
  presets: Preset[];
  /** `typedId`: the rule into which the user is typing. */
  onChange(rules: RuleDraft[], typedId: number | null): void;
  onLeave(id: number): void;
}

/** The rules of a policy. One line while there are none. */
export function RulesSection(props: RulesSectionProps) {
  const { rules: shown, limits, initialLimits, presets, onChange, onLeave } = props;
  const { t } = useLingui();
  const section = useRef<HTMLFieldSetElement>(null);
  const rules = shown.map(({ rule }) => rule);
  const used = new Set(SESSION_KINDS.map((kind) => indexOfRuleFor(rules, kind)));
  const all = (selector: string) => [...section.current!.querySelectorAll<HTMLElement>(selector)];

  function add() {
    flushSync(() => onChange(withNewRule(rules, initialLimits), null));
    all('[data-rule-field]').at(-1)?.focus();
  }

  /** The focus goes to the rule that takes the place, else to the button that adds one. */
  function remove(index: number) {
    flushSync(() => onChange(withoutRule(rules, rules[index]!.id), null));
    (all('[data-rule-field]')[index] ?? all('[data-add-rule]')[0])?.focus();
  }

  const addButton = isFull(rules) ? (
    <p className={classes.intro} data-add-rule tabIndex={-1}>
      <Trans>There is a rule for everything that a rule can be for.</Trans>
    </p>
  ) : (
    <Button
      variant="default"
      size="xs"
      leftSection={<Plus size={14} aria-hidden />}
      data-add-rule
      onClick={add}
    >
      <Trans>Add a rule</Trans>
    </Button>
  );

  return (
    <fieldset ref={section} className={choice.group}>
      <legend className={choice.legend}>
        <Trans>Rules</Trans>
      </legend>
      {rules.length === 0 ? (
        <div className={classes.unused}>
          <p className={classes.intro}>
            <Trans>None. A rule sets different limits for some sessions, such as those of owners.</Trans>
          </p>
          {addButton}
        </div>
      ) : (
        <p className={classes.intro}>
          <Trans>
            Different limits for some sessions. Where several rules fit, the one with both who and where
            counts, then the one with who, then the one with where.
          </Trans>
        </p>
      )}
      {rules.length > 0 && (
        <ul className={classes.rules} aria-label={t`Rules`}>
          {shown.map(({ rule, limits, errors }, index) => (
            <RuleRow
              key={rule.id}
              rule={rule}
              number={index + 1}
              limits={limits}
              errors={errors}
              isWithoutEffect={errors.kind === undefined && !used.has(index)}
              presets={presets}
              onChange={(changed, isTyping) =>
                onChange(withChangedRule(rules, changed), isTyping ? rule.id : null)
              }
              onLeave={() => onLeave(rule.id)}
              onRemove={() => remove(index)}
            />
          ))}
        </ul>
      )}
      {rules.length > 0 && addButton}
      {rules.length > 0 && <LimitsByKind rules={shown} limits={limits} />}
    </fieldset>
  );
}
