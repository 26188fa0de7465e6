import type { StageState } from '@/api/types';

const states: Record<StageState, string> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  skipped: 'Skipped',
  failed: 'Failed',
};

export const pipeline = {
  title: 'How it was examined',
  titleLive: 'What is happening',
  states,
  notReached: 'Not reached',
  exit: 'early exit',
  connection: {
    connecting: 'Connecting',
    live: 'Live',
    lost: 'Connection lost. Reconnecting; no step will be missed.',
  },
  queuePosition: (position: number) =>
    position === 1 ? 'Next in the queue' : `Number ${position} in the queue`,
  rerun: 'The first attempt crashed; this is another.',
  replay: {
    start: 'Replay',
    stop: 'Back to the result',
    play: 'Play',
    pause: 'Pause',
    position: 'Moment of the replay',
    told: 'These are the recorded events, at the pace at which they happened.',
    at: (passed: string, whole: string) => `${passed} of ${whole}`,
  },
  overall: 'Progress of the whole analysis',
  score: 'Score',
  results: {
    noStreams: 'No picture or sound described',
    people: (people: number) => (people === 1 ? '1 person' : `${people} people`),
    faces: (faces: number) => (faces === 1 ? '1 face examined' : `${faces} faces examined`),
    noFaces: 'No face to examine',
    voiced: (seconds: string) => `${seconds} s of speech`,
    gop: (seconds: string) => `Key frame every ${seconds} s`,
    cuts: (cuts: number) => (cuts === 1 ? '1 cut' : `${cuts} cuts`),
    traces: (traces: number) =>
      traces === 1 ? '1 trace of editing' : `${traces} traces of editing`,
    noTraces: 'No trace of editing',
    credentials: {
      intact: 'Content Credentials',
      invalid: 'Invalid Content Credentials',
      unreadable: 'Unreadable Content Credentials',
    },
    patches: (patches: string) => `${patches} patches`,
    windows: 'Scores over time',
    waveform: 'The examined sound',
    preview: 'The face with the highest score',
    curve: 'How well lips and voice fit at each shift of the sound',
    weighed: (count: number) => (count === 1 ? '1 feature weighed' : `${count} features weighed`),
  },
} as const;
