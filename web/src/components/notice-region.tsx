import { Component, createRef, type ReactNode } from 'react';
import { followFocus } from '../../../client/src/notice/follow-focus.ts';
import { createReservedSpace, type ReservedSpace } from '../../../client/src/notice/reserved-space.ts';
import classes from './notice-region.module.css';

interface NoticeRegionProps {
  /** Identifies the content: a new value means that the content has changed. */
  contentKey: string;
  children: ReactNode;
}

/** Where it publishes its height. The styles add that of the expiry notice, which stands above it. */
const HEIGHT = '--curfew-sign-ins-height';

/**
 * The live region for notices at the top of the page, by the rules of the expiry notice: it exists before its content, moves
 * nothing on the page, and gives the focus back. A class, as only that is asked before a change where the focus is.
 */
export class NoticeRegion extends Component<NoticeRegionProps> {
  readonly #region = createRef<HTMLDivElement>();
  #space!: ReservedSpace;
  #takeFocus!: () => () => void;

  override componentDidMount(): void {
    const region = this.#region.current!;
    this.#space = createReservedSpace(region, HEIGHT);
    this.#takeFocus = followFocus(region);
  }

  override getSnapshotBeforeUpdate(): () => void {
    return this.#takeFocus();
  }

  override componentDidUpdate(last: NoticeRegionProps, _state: unknown, returnFocus: () => void): void {
    if (last.contentKey === this.props.contentKey) return;
    // The change is made, but not laid out. A move of the focus would do that, and then the browser would scroll on its own.
    this.#space.keepPlace(this.#region.current!, () => {});
    returnFocus();
  }

  override componentWillUnmount(): void {
    this.#space.release();
  }

  override render(): ReactNode {
    return (
      // Announces only what changed, not the whole notice again.
      <div ref={this.#region} role="status" aria-atomic={false} className={classes.region}>
        {this.props.children}
      </div>
    );
  }
}
