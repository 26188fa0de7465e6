import { expect, test, vi } from 'vitest';
import { Playhead } from './playhead';

test('what people seek moves the media; what the media reports does not', () => {
  const playhead = new Playhead();
  const [watcher, seeker] = [vi.fn(), vi.fn()];
  playhead.subscribe(watcher);
  const forget = playhead.onSought(seeker);
  playhead.report(1.5);
  expect(seeker).not.toHaveBeenCalled();
  playhead.seek(3);
  expect(seeker).toHaveBeenCalledExactlyOnceWith(3);
  expect(watcher).toHaveBeenCalledTimes(2);
  forget();
  playhead.seek(4);
  expect(seeker).toHaveBeenCalledOnce();
  expect(playhead.time).toBe(4);
});
