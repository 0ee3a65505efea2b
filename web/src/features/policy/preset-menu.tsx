import { Trans } from '@lingui/react/macro';
import { Button, Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { byStrictness, presetLabel } from './preset-words.ts';
import type { Preset } from './policy-draft.ts';

/** Fills the limits of a rule. */
export function PresetMenu({ presets, onChoose }: { presets: Preset[]; onChoose(preset: Preset): void }) {
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" rightSection={<ChevronDown size={14} aria-hidden />}>
          <Trans>Use a preset</Trans>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {byStrictness(presets)
          .filter(({ available }) => available)
          .map((preset) => (
            <Menu.Item key={preset.preset} onClick={() => onChoose(preset)}>
              {presetLabel(preset)}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
