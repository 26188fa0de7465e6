export const upload = {
  title: 'Is it real?',
  lead: 'Drop in a video, a picture or a voice clip. Assay examines it step by step, says how sure it is, and shows what the answer rests on.',
  drop: 'Drop files here',
  choose: 'or choose them, or paste',
  dropping: 'Let go to analyse',
  formats: [
    ['Video', 'MP4, MOV, MKV, WebM, AVI'],
    ['Picture', 'JPEG, PNG, WebP'],
    ['Voice', 'WAV, FLAC, MP3, OGG, M4A'],
  ],
  limit: (size: string) => `Up to ${size} a file`,
  accept: 'video/*,image/*,audio/*,.mkv,.avi,.flac,.ogg,.m4a',
  queue: 'Your files',
  sending: (name: string) => `Sending ${name}`,
  received: 'Received, starting',
  sent: (part: string, whole: string) => `${part} of ${whole}`,
  waiting: 'Waiting for its turn',
  held: 'It is sent again by itself in a moment.',
  running: (percent: number) => `Being analysed, ${Math.round(percent)} %`,
  open: 'Open',
  cancelNamed: (name: string) => `Cancel ${name}`,
  dismiss: (name: string) => `Take ${name} off the list`,
  samples: {
    title: 'No file at hand?',
    lead: 'Made by this project, so you know what each one is. Assay does not: see what it makes of them, where it is right, and where it cannot decide.',
    about: {
      voice: {
        name: 'Try a synthetic voice',
        what: 'Nobody spoke this: a program put it together.',
      },
      original: {
        name: 'Try the original',
        what: 'NASA’s portrait of the astronaut Eileen Collins under a slow camera move.',
      },
      forgery: {
        name: 'Try the forgery',
        what: 'The same clip with the face cut out, coarsened, moved a little and pasted back. A small change, and hard to see: Assay may well not decide.',
      },
      landscape: {
        name: 'Try a landscape',
        what: 'Drawn by a program, without a face or a voice: nothing that Assay judges.',
      },
    },
  },
  manners: [
    ['It shows its work', 'Every step is drawn as it happens. Nothing on the page is simulated.'],
    ['It can say “unknown”', 'Where the evidence does not decide, the answer is Inconclusive.'],
    ['It stays here', 'The file goes to this server and nowhere else.'],
  ],
} as const;
