import { connectCurfew } from './connect-curfew.ts';

test.each([
  ['url', { url: '', serviceKey: 'cfk_x' }],
  ['url', { url: undefined!, serviceKey: 'cfk_x' }],
  ['url', { url: 'localhost:4000', serviceKey: 'cfk_x' }],
  ['url', { url: 'http://127.0.0.1:4000/graphql', serviceKey: 'cfk_x' }],
  ['serviceKey', { url: 'http://127.0.0.1:4000', serviceKey: undefined! }],
])('a %s that is missing or none is named', (name, options) => {
  expect(() => connectCurfew(options)).toThrow(new RegExp(`^${name} `));
});
