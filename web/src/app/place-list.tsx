import { useLingui } from '@lingui/react';
import { useId } from 'react';
import { NavLink } from 'react-router';
import type { PlaceGroup } from './places.tsx';
import classes from './place-list.module.css';

interface PlaceListProps {
  groups: readonly PlaceGroup[];
  onNavigate?(): void;
}

/** The places as links. The current one has `aria-current`. */
export function PlaceList({ groups, onNavigate }: PlaceListProps) {
  const { i18n } = useLingui();
  const id = useId();
  const isNamed = groups.length > 1;
  return groups.map(({ name, places }) => (
    <div key={places[0]!.to} className={classes.group}>
      {name && isNamed && (
        <p id={id} className={classes.name}>
          {i18n._(name)}
        </p>
      )}
      <ul className={classes.list} aria-labelledby={name && isNamed ? id : undefined}>
        {places.map(({ to, name, icon: Icon }) => (
          <li key={to}>
            <NavLink to={to} end className={classes.link} onClick={onNavigate}>
              <Icon size={18} aria-hidden />
              <span>{i18n._(name)}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </div>
  ));
}
