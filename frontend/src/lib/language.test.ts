import { expect, test } from 'vitest';
import { bestOf } from './language';

test.each([
  [[], 'en'],
  [['es'], 'es'],
  [['es-MX', 'en'], 'es'],
  [['ES-419'], 'es'],
  [['de-CH', 'es-ES', 'en'], 'es'],
  [['fr'], 'en'],
  [['en-US', 'es'], 'en'],
  [['est', 'essay', ''], 'en'],
])('of %j the page takes %s', (asked, expected) => expect(bestOf(asked)).toBe(expected));
