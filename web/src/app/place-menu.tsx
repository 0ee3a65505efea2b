import { Trans, useLingui } from '@lingui/react/macro';
import { Menu as MenuIcon, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { PlaceList } from './place-list.tsx';
import type { PlaceGroup } from './places.tsx';
import classes from './place-menu.module.css';

/**
 * The places on narrow screens: a button that shows them above the page. They push the page down, so that none is cut on
 * a small or enlarged screen.
 */
export function PlaceMenu({ groups }: { groups: readonly PlaceGroup[] }) {
  const { i18n } = useLingui();
  const { pathname } = useLocation();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const current = groups.flatMap(({ places }) => places).find(({ to }) => to === pathname);
  useEffect(() => setOpen(false), [pathname]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    setOpen(false);
    button.current?.focus();
  };

  return (
    <div onKeyDown={onKeyDown} className={classes.menu}>
      <button
        ref={button}
        type="button"
        className={classes.button}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? <X size={18} aria-hidden /> : <MenuIcon size={18} aria-hidden />}
        <span>
          <Trans>Menu</Trans>
        </span>
        {current && <span className={classes.current}>{i18n._(current.name)}</span>}
      </button>
      <div id={id} hidden={!isOpen} className={classes.places}>
        {/* A click on the current place changes no address. */}
        <PlaceList groups={groups} onNavigate={() => setOpen(false)} />
      </div>
    </div>
  );
}
