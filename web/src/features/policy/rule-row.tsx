import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, NativeSelect } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import type { AppType, Role } from '../../generated/policy-operations.ts';
import { kindInWords } from '../policy-words/kind-in-words.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import { ruleInWords } from '../policy-words/rule-in-words.ts';
import type { LimitName } from './limit-check.ts';
import { LimitInput } from './limit-input.tsx';
import type { Preset } from './policy-draft.ts';
import { PresetMenu } from './preset-menu.tsx';
import type { RuleErrors } from './rule-check.ts';
import { fieldsOf, type RuleDraft } from './rule-drafts.ts';
import classes from './rules.module.css';

export interface RuleRowProps {
  rule: RuleDraft;
  number: number;
  /** Null: they have an error. */
  limits: Limits | null;
  errors: RuleErrors;
  /** Other rules come before it for all that it is for. */
  isWithoutEffect: boolean;
  presets: Preset[];
  onChange(rule: RuleDraft, isTyping: boolean): void;
  onLeave(): void;
  onRemove(): void;
}

/** The value of a choice for which GraphQL has null. */
const ALL = '';

export function RuleRow(props: RuleRowProps) {
  const { rule, number, limits, errors, isWithoutEffect, presets, onChange, onLeave, onRemove } = props;
  const { t } = useLingui();
  const kind = kindInWords(rule);
  const limitInput = (name: LimitName, label: string, unitLabel: string) => (
    <LimitInput
      label={label}
      unitLabel={unitLabel}
      field={rule.fields[name]}
      error={errors[name]}
      isDisabled={false}
      onLeave={onLeave}
      onChange={(field) => onChange({ ...rule, fields: { ...rule.fields, [name]: field } }, true)}
    />
  );

  return (
    <li className={classes.rule}>
      <div role="group" aria-label={t`Rule ${number}: ${kind}`}>
        <div className={classes.head}>
          <p className={classes.sentence}>
            <span className={classes.number}>
              <Trans>Rule {number}</Trans>
            </span>{' '}
            <span>
              {limits && errors.kind === undefined ? (
                ruleInWords({ ...rule, ...limits })
              ) : (
                <Trans>{kind}: not complete yet.</Trans>
              )}
            </span>
            {isWithoutEffect && (
              <span>
                {' '}
                <Trans>It has no effect: other rules come before it for all of these sessions.</Trans>
              </span>
            )}
          </p>
          <PresetMenu
            presets={presets}
            onChoose={(preset) => onChange({ ...rule, fields: fieldsOf(preset) }, false)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t`Remove rule ${number}: ${kind}`}
            onClick={onRemove}
          >
            <Trash2 size={17} aria-hidden />
          </ActionIcon>
        </div>
        <div className={classes.fields}>
          <NativeSelect
            label={t`Who`}
            error={errors.kind}
            errorProps={{ className: classes.kindError }}
            data-rule-field
            value={rule.role ?? ALL}
            data={[
              { value: 'OWNER', label: t`Owners` },
              { value: 'MEMBER', label: t`Members` },
              { value: ALL, label: t`Everyone` },
            ]}
            onChange={({ currentTarget }) =>
              onChange({ ...rule, role: (currentTarget.value || null) as Role | null }, false)
            }
          />
          <NativeSelect
            label={t`Where`}
            error={errors.kind !== undefined}
            value={rule.appType ?? ALL}
            data={[
              { value: 'CONTROL_PANEL', label: t`Control panel` },
              { value: 'TENANT_APP', label: t`Applications` },
              { value: ALL, label: t`Everywhere` },
            ]}
            onChange={({ currentTarget }) =>
              onChange({ ...rule, appType: (currentTarget.value || null) as AppType | null }, false)
            }
          />
          {limitInput('idleMinutes', t`Idle limit`, t`Unit of the idle limit`)}
          {limitInput('absoluteMinutes', t`Absolute limit`, t`Unit of the absolute limit`)}
        </div>
      </div>
    </li>
  );
}
