import { byStrictness, presetLabel } from './preset-words.ts';

const preset = (preset: 'STRICT' | 'STANDARD' | 'NIST_AAL3' | 'PCI_DSS', limits: [number, number]) => ({
  preset,
  idleMinutes: limits[0],
  absoluteMinutes: limits[1],
  description: '',
  available: true,
});

test('presets are ordered by strictness, with plain words first', () => {
  const presets = [
    preset('STRICT', [4320, 20_160]),
    preset('STANDARD', [10_080, 43_200]),
    preset('PCI_DSS', [15, 1440]),
    preset('NIST_AAL3', [15, 720]),
  ];
  expect(byStrictness(presets).map(presetLabel)).toEqual([
    'Short: 15 minutes, 12 hours',
    'Short, whole day: 15 minutes, 1 day',
    'Default: 3 days, 14 days',
    'Long: 7 days, 30 days',
  ]);
});
