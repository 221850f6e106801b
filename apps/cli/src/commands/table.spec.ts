import { table } from './table.ts';

it('puts every column under its heading, numbers to the right', () => {
  const rows = [
    ['captured', '12', '34.32'],
    ['open', '1', ''],
  ];
  expect(table(['End', 'Attempts', 'USD'], rows)).toEqual([
    'End       Attempts    USD',
    'captured        12  34.32',
    'open             1',
  ]);
});
