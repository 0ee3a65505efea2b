import ts from 'typescript';

const { TypeFlags } = ts;
const TEXT = TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BigIntLike;
const NOTHING =
  TypeFlags.Null | TypeFlags.Undefined | TypeFlags.Void | TypeFlags.BooleanLike | TypeFlags.Never;

/** Their texts get elements from `I18nProvider` (web/src/components/own-elements.tsx). */
const TRANSLATED = new Set(['Trans', 'Plural', 'Select', 'SelectOrdinal']);

const nameOf = (element) =>
  element.type === 'JSXElement' && element.openingElement.name.type === 'JSXIdentifier'
    ? element.openingElement.name.name
    : null;

const isTranslated = (node) => {
  for (let at = node; at?.type === 'JSXElement' || at?.type === 'JSXFragment'; at = at.parent)
    if (TRANSLATED.has(nameOf(at))) return true;
  return false;
};

/** Whether a child comes to anything: not the white space between lines, and not a comment. */
const isShown = (child) =>
  child.type === 'JSXText'
    ? child.value.trim() !== '' || !child.value.includes('\n')
    : child.expression?.type !== 'JSXEmptyExpression';

const isFixedText = ({ type, expression }) =>
  type === 'JSXText' || (type === 'JSXExpressionContainer' && expression.type === 'Literal');

/** `a ? b : c` and `a && b` are what they may come to. */
const outcomesOf = (expression) => {
  switch (expression.type) {
    case 'ConditionalExpression':
      return [...outcomesOf(expression.consequent), ...outcomesOf(expression.alternate)];
    case 'LogicalExpression':
      return [
        ...(expression.operator === '&&' ? [] : outcomesOf(expression.left)),
        ...outcomesOf(expression.right),
      ];
    default:
      return [expression];
  }
};

/**
 * Refuses texts that share their element with what changes. The translators of browsers put elements in the place of text
 * nodes. React then fails to remove such a text, or to insert something before it, and the page with it; or it goes on
 * writing to a node that no one sees. A text that is alone in its element is written through the element.
 */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      shared:
        'This text shares its element. Browsers that translate the page break it: put it into a <span>.',
      bare: 'This text has no element of its own. Browsers that translate the page break it: put it into a <span>.',
    },
  },
  create(context) {
    const { services = context.sourceCode.parserServices } = context;
    const checker = services.program.getTypeChecker();

    const isText = (type) => {
      const parts = (type.isUnion() ? type.types : [type]).filter(({ flags }) => (flags & NOTHING) === 0);
      return (
        parts.some((part) => part.value !== '') &&
        parts.every((part) =>
          checker.isArrayType(part)
            ? isText(checker.getTypeArguments(part)[0])
            : (checker.getBaseConstraintOfType(part) ?? part).flags & TEXT,
        )
      );
    };
    const isTextual = (expression) =>
      outcomesOf(expression).some((outcome) => isText(services.getTypeAtLocation(outcome)));

    const checkChildren = (parent) => {
      if (isTranslated(parent)) return;
      const children = parent.children.filter(isShown);
      const isFragment = parent.type === 'JSXFragment';
      if (children.length === 1 && !isFragment) return;
      let isAfterChange = false;
      for (const child of children) {
        const isChange = child.type === 'JSXExpressionContainer' && !isFixedText(child);
        if (isChange ? isTextual(child.expression) : isFixedText(child) && (isAfterChange || isFragment))
          context.report({ loc: child.loc, messageId: 'shared' });
        isAfterChange ||= isChange;
      }
    };

    /** The names of the functions around this node, the innermost last. A component's name begins with a capital letter. */
    const names = [];
    const enter = (node) =>
      names.push(node.id?.name ?? (node.parent.type === 'VariableDeclarator' && node.parent.id.name) ?? '');
    const leave = () => names.pop();
    const checkResult = (expression) => {
      if (/^[A-Z]/.test(names.at(-1) || '') && isTextual(expression))
        context.report({ loc: expression.loc, messageId: 'bare' });
    };

    return {
      JSXElement: checkChildren,
      JSXFragment: checkChildren,
      FunctionDeclaration: enter,
      'FunctionDeclaration:exit': leave,
      FunctionExpression: enter,
      'FunctionExpression:exit': leave,
      ArrowFunctionExpression(node) {
        enter(node);
        if (node.body.type !== 'BlockStatement') checkResult(node.body);
      },
      'ArrowFunctionExpression:exit': leave,
      ReturnStatement: ({ argument }) => argument && checkResult(argument),
    };
  },
};
