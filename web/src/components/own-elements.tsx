import { Children, cloneElement, Fragment, isValidElement, type ReactElement, type ReactNode } from 'react';

interface WithChildren {
  children?: ReactNode;
}

/**
 * What `<Trans>` shows, each text in an element of its own. The translators of browsers replace text nodes, and React
 * cannot remove or change one that is no longer where it was put (`lint/own-element.js` holds the other texts to it).
 */
export const OwnElements = ({ children }: WithChildren) => <span>{wrapTexts(children)}</span>;

function wrapTexts(node: ReactNode): ReactNode {
  // A text alone in its element is written through the element.
  if (!Array.isArray(node)) return isValidElement<WithChildren>(node) ? withWrappedTexts(node) : node;
  return Children.map(node, (child: ReactNode) =>
    isValidElement<WithChildren>(child) ? withWrappedTexts(child) : <span>{child}</span>,
  );
}

function withWrappedTexts(element: ReactElement<WithChildren>): ReactNode {
  const { children } = element.props;
  // A value of the message: its own component wraps its texts.
  if (element.type === Fragment || !Array.isArray(children)) return element;
  return cloneElement(element, undefined, wrapTexts(children));
}
