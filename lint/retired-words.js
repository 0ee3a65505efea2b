import { plainEnglish, vocabulary } from './vocabulary.js';

const terms = vocabulary.flatMap((group) => group.terms);
const retired = new Map([
  ...terms.flatMap(({ term, retired: words = [] }) => words.map((word) => [word, term])),
  ...Object.entries(plainEnglish),
]);

/** `createRenewal`, `RENEWAL_MS` and `renewal-lock` are the words "create renewal", "renewal ms", "renewal lock". */
const wordsOf = (text) =>
  text
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
    .trim();

const pattern = new RegExp(`\\b(?:${[...retired.keys()].join('|')})\\b`, 'g');

/** The first argument of `test(...)`, `describe(...)` and their variants. */
const isTitle = ({ parent }) =>
  parent.type === 'CallExpression' && /^(?:test|it|describe)\b/.test(rootName(parent.callee));

const rootName = (node) => {
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'MemberExpression':
      return rootName(node.object);
    case 'CallExpression':
      return rootName(node.callee);
    case 'TaggedTemplateExpression':
      return rootName(node.tag);
    default:
      return '';
  }
};

/**
 * Refuses the retired words of `vocabulary.js` in names, comments and texts. `titlesOnly`: of the texts, only in titles of
 * tests, whose data may be any word.
 */
export default {
  meta: {
    type: 'suggestion',
    schema: [
      { type: 'object', properties: { titlesOnly: { type: 'boolean' } }, additionalProperties: false },
    ],
    messages: { retired: '"{{word}}" is retired: {{instead}} (docs/glossary.md).' },
  },
  create(context) {
    const look = (text, loc) => {
      for (const [word] of wordsOf(text).matchAll(pattern))
        context.report({ loc, messageId: 'retired', data: { word, instead: retired.get(word) } });
    };
    const titlesOnly = context.options[0]?.titlesOnly === true;
    return {
      Identifier: (node) => look(node.name, node.loc),
      JSXText: (node) => look(node.value, node.loc),
      Literal: (node) =>
        typeof node.value === 'string' && (!titlesOnly || isTitle(node)) && look(node.value, node.loc),
      TemplateElement: (node) => titlesOnly || look(node.value.raw, node.loc),
      Program: () => {
        for (const comment of context.sourceCode.getAllComments()) look(comment.value, comment.loc);
      },
    };
  },
};
