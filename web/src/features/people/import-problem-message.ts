import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { MAX_IMPORTED, type ImportProblem } from './read-people-file.ts';

/** The message for a list that could not be read. */
export function importProblemMessage({ kind, line }: ImportProblem): string {
  switch (kind) {
    case 'empty':
      return t`There are no people in this list.`;
    case 'too-many': {
      const most = i18n.number(MAX_IMPORTED);
      return t`This list has more than ${most} people. Split it.`;
    }
    case 'malformed':
      return line === null
        ? t`This list can’t be read as CSV.`
        : t`This list can’t be read as CSV: check the quotation marks at line ${line}.`;
  }
}
