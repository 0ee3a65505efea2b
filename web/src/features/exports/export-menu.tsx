import { useLingui } from '@lingui/react/macro';
import { Button, Menu } from '@mantine/core';
import { Download } from 'lucide-react';
import type { WantedExport } from './download-export.ts';
import { useExport } from './use-export.ts';

interface ExportMenuProps {
  /** Of the button while nothing is exported. */
  label: string;
  /** One for each format. */
  exports: readonly WantedExport[];
}

/** A button that offers the formats of an export, and saves the chosen one as a file. */
export function ExportMenu({ label, exports }: ExportMenuProps) {
  const { t } = useLingui();
  const { isBusy, save } = useExport();
  const names: Record<WantedExport['format'], string> = {
    csv: t`CSV, for spreadsheets`,
    jsonl: t`JSON Lines, for programs`,
    json: t`JSON, for programs`,
  };
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          leftSection={<Download size={16} aria-hidden />}
          aria-disabled={isBusy}
        >
          {isBusy ? t`Exporting…` : label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {exports.map((wanted) => (
          <Menu.Item key={wanted.format} disabled={isBusy} onClick={() => void save(wanted)}>
            {names[wanted.format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
