/** What else can be examined of a file, and what was asked of an examination. */
export const further = {
  title: 'Examine more of it',
  fully: 'Examine fully',
  fullyWhy: 'The first check was clear, so the other checks of the picture were skipped.',
  all: 'Examine all of it',
  allWhy:
    'Scores every moment, which may take as long as the file plays. The verdict rests on a sample.',
  part: 'Examine this part',
  partTitle: 'A part of it, in seconds',
  from: 'From',
  to: 'To',
  wrongPart: 'The end must lie behind the start, and the start before the end of the file.',
  others: 'Other examinations of this file',
  running: 'in progress',
  failed: 'failed',
  asked: {
    usual: 'As usual',
    full: 'Without early exit',
    thorough: 'All of it',
    from: (start: string) => `From ${start}`,
    until: (end: string) => `Up to ${end}`,
    between: (start: string, end: string) => `From ${start} to ${end}`,
    face: (time: string) => `One person, seen at ${time}`,
    faceInStill: 'One person of the picture',
  },
  bystanders: {
    title: (count: number) => `Found and not examined: ${count}`,
    one: (number: number) => `Face ${number}`,
    show: 'Show',
    examine: 'Examine',
    examineOne: (number: number) => `Examine face ${number}`,
    showOne: (number: number) => `Show face ${number}`,
  },
  sweep: {
    title: 'All of it, moment by moment',
    done: (pictures: string, faces: string, windows: string) =>
      `${pictures} pictures with ${faces} faces, and ${windows} windows of speech were scored.`,
    caution:
      'The verdict does not rest on these scores. Among so many moments some score high by chance. To judge a stretch, examine it by itself.',
    highest: 'Where the scores are highest',
    none: 'No face and no speech that could be scored.',
    modalities: { picture: 'Faces', voice: 'Voice' },
    stretch: (start: string, end: string) => `${start} to ${end}`,
    go: 'Go there',
    lanes: { faces: 'Faces, all of it', voice: 'Voice, all of it' },
    dot: (time: string, percent: number, faces: number) =>
      faces === 1 ? `${time}: ${percent} %` : `${time}: ${percent} %, highest of ${faces} faces`,
    examined: (picture: string) => `Scored beside the sample: ${picture}`,
  },
} as const;
