import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Text, Textarea } from '@mantine/core';
import { Copy, Download } from 'lucide-react';
import { useRef } from 'react';
import { linksAsCsv, linksAsText, type InvitationLink } from './links-csv.ts';
import { useCopy } from './use-copy.ts';

/** The links of an import, which are shown only now: to copy, or to keep as a file. */
export function ImportedLinks({ links }: { links: readonly InvitationLink[] }) {
  const { t } = useLingui();
  const field = useRef<HTMLTextAreaElement>(null);
  const { state, copy } = useCopy();

  const copyAll = async () => {
    if ((await copy(linksAsText(links))) === 'refused') field.current?.select();
  };
  const download = () => {
    const header = [t`E-mail`, t`Name`, t`Link`];
    const url = URL.createObjectURL(new Blob([linksAsCsv(header, links)], { type: 'text/csv' }));
    const anchor = Object.assign(document.createElement('a'), { href: url, download: 'links.csv' });
    anchor.click();
    URL.revokeObjectURL(url);
  };

  return (
    <div>
      <Text>
        {links.every(({ sentByMail }) => sentByMail) ? (
          <Trans>
            Each person gets their link by mail. It works once, for 24 hours. The links are shown only now.
          </Trans>
        ) : (
          <Trans>
            Send each person their link. It works once, for 24 hours. The links are shown only now.
          </Trans>
        )}
      </Text>
      <Textarea
        ref={field}
        mt="sm"
        aria-label={t`Links`}
        value={linksAsText(links)}
        rows={Math.min(8, Math.max(2, links.length))}
        readOnly
        wrap="off"
        spellCheck={false}
      />
      <Group gap="sm" mt="sm">
        <Button
          data-autofocus
          variant="default"
          leftSection={<Copy size={16} aria-hidden />}
          onClick={() => void copyAll()}
        >
          <Trans>Copy all</Trans>
        </Button>
        <Button variant="default" leftSection={<Download size={16} aria-hidden />} onClick={download}>
          <Trans>Download as CSV</Trans>
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {state === 'copied' && <Trans>Copied.</Trans>}
          {state === 'refused' && (
            <Trans>Your browser didn’t copy them. Copy the selected text yourself.</Trans>
          )}
        </Text>
      </Group>
    </div>
  );
}
