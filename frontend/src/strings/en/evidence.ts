/** The twelve features, by the names of the contract. */
export const features: Record<string, { label: string }> = {
  tiny_prob_mean: { label: 'Gate, on average' },
  tiny_prob_max: { label: 'Gate, worst moment' },
  tiny_prob_p90: { label: 'Gate, worst tenth' },
  tiny_num_files: { label: 'Face crops examined' },
  tiny_num_patches: { label: 'Patches examined' },
  visual_prob_mean: { label: 'Faces, on average' },
  visual_prob_max: { label: 'Faces, worst moment' },
  visual_prob_p90: { label: 'Faces, worst tenth' },
  visual_num_faces: { label: 'Faces examined' },
  audio_prob_fake: { label: 'Voice' },
  temporal_prob_fake: { label: 'Faces over time' },
  sync_prob: { label: 'Misfit of lips and voice (1 − sync_prob)' },
};

export const evidence = {
  title: 'Where it shows',
  player: 'The examined video',
  voicePlayer: 'The examined recording',
  still: 'The examined picture',
  stillCopy: 'A copy that was kept of the picture',
  cannotPlay: 'This browser cannot show the format of this file.',
  gone: 'The file is no longer stored.',
  frameAt: (time: string) => `The video at ${time}`,
  framesInstead: (count: number) =>
    count === 1
      ? 'You see the one picture that was kept of it.'
      : `You see the ${count} pictures that were kept of it.`,
  pictureInstead: 'You see the copy that was kept of it.',
  pictureBack: 'One picture back',
  pictureOn: 'One picture on',
  pictureOf: (number: number, of: number, time: string) => `Picture ${number} of ${of}, ${time}`,
  back: 'One frame back',
  on: 'One frame on',
  boxes: 'Faces',
  heat: 'Heatmap',
  overlays: 'Draw over the picture',
  leading: 'Moment that counted most',
  person: (number: number) => `Person ${number}`,
  boxScored: (number: number, percent: number) => `Person ${number}  ${percent} %`,
  personsTitle: 'Who was seen',
  facesSeen: (count: number) => (count === 1 ? 'one face examined' : `${count} faces examined`),
  passedOver: {
    too_small: 'Not examined: too small',
    too_blurred: 'Not examined: too blurred',
    cut_off: 'Not examined: cut off',
    not_a_photograph: 'Not examined: drawn, painted or masked',
    over_limit: 'Not examined',
    not_asked: 'Not asked for',
  },
  bystanders: (count: number) =>
    count === 1
      ? 'One more face was found and not examined. It is marked with dashes.'
      : `${count} more faces were found and not examined. They are marked with dashes.`,
  noPersons: 'No face was found that could be examined.',
  scores: {
    faces: 'Faces',
    temporal: 'Faces over time',
    gate: 'Gate',
    sync: 'Lips and voice',
  },
  moments: {
    visual: {
      title: 'Moments that counted most',
      lead: 'The number is the score of how the face looks. Choose one to go there.',
    },
    gate: {
      title: 'Moments that counted most',
      lead: 'The number is the score of the gate, which looks at the finest pixel structure. Choose one to go there.',
    },
    none: {
      title: 'Faces as they were examined',
      lead: 'None of them counted towards a forgery. Choose one to go there.',
    },
  },
  timeline: 'Timeline',
  timelineTitle: 'Timeline',
  timelineLead:
    'The higher a mark, the higher the score. Click, drag or use the arrow keys to go to a moment.',
  cutsMarked: 'Dashed lines are likely cuts.',
  values: {
    label: 'At this moment',
    none: 'Nothing was examined at this moment.',
    score: (name: string, percent: number) => `${name} ${percent} %`,
    shot: (number: number, of: number) => `Shot ${number} of ${of}`,
  },
  skippedParts: 'Long stretches that were not examined are left out of the line.',
  lanes: {
    visual: 'Faces',
    gate: 'Gate',
    temporal: 'Faces over time',
    voice: 'Voice',
    offset: 'Lips and voice',
  },
  cut: (time: string) => `Cut at ${time}`,
  dot: (number: number, time: string, percent: number) =>
    `Person ${number} at ${time} s: ${percent} %`,
  window: (percent: number) => `Score ${percent} %`,
  offset: (ms: number) =>
    ms === 0 ? 'In sync' : `Sound ${Math.abs(ms)} ms ${ms > 0 ? 'late' : 'early'}`,
  curve: {
    title: 'Lips and voice',
    label: (ms: number) => `Misfit at every shift of the sound; least at ${ms} ms`,
    shape: (depth: string, scatter: number) =>
      `The dip is ${depth} deep, and its place varies by ${scatter} ms over the clip.`,
    x: 'Shift of the sound, ms',
    y: 'Misfit',
    legend: {
      this: 'This file',
      matching: (clips: number) => `Typical of lips and voice that fit (${clips} real clips)`,
      mismatched: (clips: number) => `Typical of a foreign voice (${clips} clips)`,
      measured: (sources: number) =>
        `Lines are the middle, bands the middle eight tenths, of clips of ${sources} sources that nothing had learned from. Where the bands overlap, a curve alone does not decide.`,
    },
    hint: 'Real speech has one dip within the shaded shifts, which recordings have by nature. A flat curve means that lips and voice fit nowhere. The scale is the same for every file.',
  },
} as const;
