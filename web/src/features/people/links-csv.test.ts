import { linksAsCsv, linksAsText } from './links-csv.ts';

const url = 'https://curfew.example/set-password#token=abc';

test('a file for spreadsheets, in which no cell is a formula', () => {
  const links = [
    { email: 'a@x.test', name: 'Ada "A", B', url, sentByMail: false },
    ...['=1+1', '+1', '-1', '@sum', '\tx', '\rx'].map((name) => ({
      email: '-b@x.test',
      name,
      url,
      sentByMail: false,
    })),
  ];
  const lines = linksAsCsv(['E-mail', 'Name', 'Link'], links).split('\r\n');
  expect(lines[0]).toBe('\ufeff"E-mail","Name","Link"');
  expect(lines[1]).toBe(`"a@x.test","Ada ""A"", B","${url}"`);
  expect(lines[2]).toBe(`"'-b@x.test","'=1+1","${url}"`);
  for (const line of lines.slice(2, -1)) expect(line).toMatch(/^"'-b@x.test","'/);
});

test('text to paste', () => {
  expect(linksAsText([{ email: 'a@x.test', name: 'Ada', url, sentByMail: true }])).toBe(
    `Ada\ta@x.test\t${url}`,
  );
});
