export const upload = {
  title: 'Is it real?',
  lead: 'Drop in a video, a picture or a voice clip. Assay examines it step by step, says how sure it is, and shows what the answer rests on.',
  drop: 'Drop a file here',
  choose: 'or choose one',
  dropping: 'Let go to analyse it',
  formats: [
    ['Video', 'MP4, MOV, MKV, WebM, AVI'],
    ['Picture', 'JPEG, PNG, WebP'],
    ['Voice', 'WAV, FLAC, MP3, OGG, M4A'],
  ],
  accept: 'video/*,image/*,audio/*,.mkv,.avi,.flac,.ogg,.m4a',
  sending: (name: string) => `Sending ${name}`,
  received: 'Received, starting',
  sent: (part: string, whole: string) => `${part} of ${whole}`,
  manners: [
    ['It shows its work', 'Every step is drawn as it happens. Nothing on the page is simulated.'],
    ['It can say “unknown”', 'Where the evidence does not decide, the answer is Inconclusive.'],
    ['It stays here', 'The file goes to this server and nowhere else.'],
  ],
} as const;
