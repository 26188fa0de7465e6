import { expect, test } from 'vitest';
import { ID, status } from '@/testing/fixtures';
import { table } from './chosen';

test('a line an analysis, with the verdict as people read it', () => {
  const open = { ...status, fileName: '=1+1.mp4', result: null, state: 'running' as const };
  const [head, first, second] = table([status, open]).split('\r\n');
  expect(head).toBe('file,verdict,probability,reasons,status,analysed,bytes,analysis');
  expect(first).toBe(
    `interview.mp4,Deepfake,0.958,branch_disagreement,complete,2026-11-20T10:00:00Z,2412345,${ID}`,
  );
  expect(second).toMatch(/^'=1\+1.mp4,,,,running,/);
});
