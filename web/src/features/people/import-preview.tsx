import { Trans, useLingui } from '@lingui/react/macro';
import { Check, TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { CheckedPerson } from './import-people.ts';
import classes from './import-preview.module.css';
import { refusalMessage, roleName } from './person-words.ts';

interface ImportPreviewProps {
  people: readonly CheckedPerson[];
  /** Whether it has the focus when it appears: what is pressed next reads on, and does nothing yet. */
  isFocused?: boolean;
}

/** The lines of a list, each with why it invites no one. */
export function ImportPreview({ people, isFocused }: ImportPreviewProps) {
  const { t } = useLingui();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isFocused) frame.current?.focus();
  }, [isFocused]);
  return (
    // Scrolls on its own, so that the buttons stay in sight; by keyboard too.
    <div ref={frame} className={classes.frame} tabIndex={0} role="region" aria-label={t`People in the list`}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Line</Trans>
            </th>
            <th scope="col">
              <Trans>Person</Trans>
            </th>
            <th scope="col">
              <Trans>Role</Trans>
            </th>
            <th scope="col">
              <Trans>Result</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.line} data-is-refused={person.refusal !== null}>
              <td>{person.line}</td>
              <td>
                <span className={classes.name}>{person.name || '—'}</span>
                <span className={classes.email}>{person.email || '—'}</span>
              </td>
              <td>{person.role === null ? '—' : roleName(person.role)}</td>
              <td>
                <Result person={person} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Result({ person: { refusal } }: { person: CheckedPerson }) {
  const { t } = useLingui();
  if (refusal === null)
    return (
      <span className={classes.result}>
        <Check size={15} aria-hidden /> <Trans>Will be invited</Trans>
      </span>
    );
  const text =
    refusal.reason === 'UNKNOWN_ROLE'
      ? t`The role is neither “owner” nor “member”.`
      : refusalMessage(refusal.code, refusal.reason, refusal.field);
  return (
    <span className={classes.result}>
      <TriangleAlert size={15} aria-hidden /> <span>{text ?? t`Can’t be invited.`}</span>
    </span>
  );
}
