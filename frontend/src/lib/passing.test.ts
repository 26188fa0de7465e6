import { expect, test } from 'vitest';
import { ApiError, offline } from '@/api/client';
import { mayPass } from './passing';

const error = (code: string) => new ApiError(code, '', 400);

test.each(['too_large', 'not_media', 'empty_file', 'gone', 'not_found', 'unknown_host'])(
  'after %s the same again would fail again',
  (code) => expect(mayPass(error(code))).toBe(false),
);

test.each([offline(), error('busy'), error('storage_failed'), new Error('a bug')])(
  'after %s it may work',
  (problem) => expect(mayPass(problem)).toBe(true),
);
