/** The moment that is looked at, shared by player, overlay and timeline without re-rendering all. */
import { createContext, useContext, useSyncExternalStore } from 'react';

type Seek = (time: number) => void;

export class Playhead {
  #time: number;
  readonly #watchers = new Set<() => void>();
  readonly #seekers = new Set<Seek>();

  constructor(time = 0) {
    this.#time = time;
  }

  get time(): number {
    return this.#time;
  }

  /** Where the media is, as its player tells. */
  report(time: number): void {
    this.#time = time;
    for (const watcher of this.#watchers) watcher();
  }

  /** Where a person wants it to be. */
  seek(time: number): void {
    this.report(time);
    for (const seeker of this.#seekers) seeker(time);
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** For players and the address: told of what people want, not of what the media does. */
  onSought(seeker: Seek): () => void {
    this.#seekers.add(seeker);
    return () => this.#seekers.delete(seeker);
  }
}

export const PlayheadContext = createContext(new Playhead());

export const usePlayhead = () => useContext(PlayheadContext);

/** The current time; the component is drawn again whenever it changes. */
export function useTime(): number {
  const playhead = usePlayhead();
  return useSyncExternalStore(playhead.subscribe, () => playhead.time);
}
