import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { plainEnglish, vocabulary } from '../lint/vocabulary.js';

// `npm run glossary` writes docs/glossary.md from lint/vocabulary.js; with --check it fails when they differ.

interface Term {
  term: string;
  meaning: string;
  instead: string;
}

const FILE = new URL('../docs/glossary.md', import.meta.url);

const rows = (terms: readonly Term[]): string =>
  ['| term | meaning | not |', '| --- | --- | --- |']
    .concat(terms.map(({ term, meaning, instead }) => `| **${term}** | ${meaning} | ${instead} |`))
    .join('\n');

const text = `# Glossary

One word for each thing, in code, SQL, schema, documents and pages. This page is generated from \`lint/vocabulary.js\`
by \`npm run glossary\`; lint refuses the words that are retired.

${vocabulary.map(({ title, terms }) => `## ${title}\n\n${rows(terms)}`).join('\n\n')}

## Plain English

${Object.entries(plainEnglish)
  .map(([word, instead]) => `- not "${word}": ${instead}`)
  .join('\n')}
`;
const glossary = await format(text, { parser: 'markdown', printWidth: 120 });

if (!process.argv.includes('--check')) {
  await writeFile(FILE, glossary);
} else if ((await readFile(FILE, 'utf8').catch(() => '')) !== glossary) {
  console.error('docs/glossary.md is not what lint/vocabulary.js says. Run: npm run glossary');
  process.exitCode = 1;
}
