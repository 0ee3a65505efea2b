import { decodeFile, MAX_IMPORTED, readPeopleFile } from './read-people-file.ts';

const read = (text: string) => {
  const result = readPeopleFile(text);
  return 'people' in result
    ? result.people.map(({ line, email, name, role }) => [line, email, name, role])
    : result.problem;
};

test('without a header the columns are e-mail, name and role', () => {
  expect(read('a@x.test,Ada A,owner\r\nb@x.test,"Bo, B"\r\n\r\nc@x.test,Cy,MEMBER')).toEqual([
    [1, 'a@x.test', 'Ada A', 'OWNER'],
    [2, 'b@x.test', 'Bo, B', 'MEMBER'],
    [4, 'c@x.test', 'Cy', 'MEMBER'],
  ]);
});

test.each([
  ['Name,E-Mail\nAda A,a@x.test', 'MEMBER'],
  ['\ufeffNom;Rôle;Courriel\nAda A;Propriétaire;a@x.test', 'OWNER'],
  ['Rolle\tE-Mail-Adresse\tName\nInhaberin\ta@x.test\tAda A', 'OWNER'],
])('a header may name the columns in any order and language: %j', (text, role) => {
  expect(read(text)).toEqual([[2, 'a@x.test', 'Ada A', role]]);
});

test('what is missing or unknown is left for the check of each line', () => {
  expect(read('email,name\n,Ada\na@x.test\n')).toEqual([
    [2, '', 'Ada', 'MEMBER'],
    [3, 'a@x.test', '', 'MEMBER'],
  ]);
  expect(read('a@x.test,Ada,boss')).toEqual([[1, 'a@x.test', 'Ada', null]]);
});

test.each([
  ['', { kind: 'empty', line: null }],
  ['\n , \n', { kind: 'empty', line: null }],
  ['email,name,role\n', { kind: 'empty', line: null }],
  ['a@x.test,Ada\nb@x.test,"Bo', { kind: 'malformed', line: expect.any(Number) as number }],
  ['a@x.test,Ada\n'.repeat(MAX_IMPORTED + 1), { kind: 'too-many', line: null }],
])('%# holds no people', (text, problem) => {
  expect(read(text)).toEqual(problem);
});

test('of a list without an end only what is needed is read', () => {
  // A fault that is further down is not reached.
  expect(read(`${'a@x.test,Ada\n'.repeat(50_000)}b@x.test,"Bo`)).toEqual({ kind: 'too-many', line: null });
  const most = `email,name\n${'a@x.test,Ada\n'.repeat(MAX_IMPORTED)}`;
  expect(read(most)).toHaveLength(MAX_IMPORTED);
});

test('files in UTF-8, UTF-16 and Windows-1252 are read', () => {
  const bytesOf = (...bytes: number[]) => new Uint8Array(bytes).buffer;
  expect(decodeFile(bytesOf(0xff, 0xfe, 0x5a, 0, 0x6f, 0, 0xeb, 0))).toBe('Zoë');
  expect(decodeFile(bytesOf(0xfe, 0xff, 0, 0x5a, 0, 0x6f, 0, 0xeb))).toBe('Zoë');
  expect(decodeFile(bytesOf(0x5a, 0x6f, 0xc3, 0xab))).toBe('Zoë');
  expect(decodeFile(bytesOf(0x5a, 0x6f, 0xeb))).toBe('Zoë');
});
