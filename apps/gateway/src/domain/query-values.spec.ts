import { queryValues } from './query-values.ts';

const SCHEMA = {
  limit: { type: 'integer' },
  from: { type: 'string' },
  ids: { type: 'array', items: { type: 'string' } },
  sizes: { type: 'array', items: { type: 'integer' } },
  json: { type: 'boolean' },
};

it.each([
  [{ limit: '50' }, { limit: 50 }],
  [{ from: '2026' }, { from: '2026' }],
  [{ ids: 'a' }, { ids: ['a'] }],
  [{ ids: ['a', 'b'] }, { ids: ['a', 'b'] }],
  [{ sizes: ['1', '2'] }, { sizes: [1, 2] }],
  [{ json: 'true' }, { json: true }],
  [{ limit: '5e3' }, { limit: '5e3' }],
  [{ limit: '' }, { limit: '' }],
  [{ limit: '9'.repeat(40) }, { limit: '9'.repeat(40) }],
  [{ unknown: '1' }, { unknown: '1' }],
])('reads %j as %j', (query, values) => {
  expect(queryValues(query, SCHEMA)).toEqual(values);
});
