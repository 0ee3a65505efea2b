import { withoutLiterals } from './statement-text.ts';

test.each([
  [
    `select * from users where email = 'x@example.test' limit 1`,
    'select * from users where email = ? limit ?',
  ],
  [`where name = 'it''s' and other = 'a'`, 'where name = ? and other = ?'],
  [String.raw`where name = E'a\\''b' and other = e'\'' || 'c'`, 'where name = ? and other = ? || ?'],
  [`values ('', 3.5, -7, 'two\nlines')`, 'values (?, ?, -?, ?)'],
  [`select $1::text, u0.x1, "u0"."y2", $12`, `select $1::text, u0.x1, "u0"."y2", $12`],
  [`do $$ begin raise 'secret' end $$; select $a$ it's $$ $a$`, 'do ?; select ?'],
])('%s', (statement, expected) => {
  expect(withoutLiterals(statement)).toBe(expected);
});
