/** The twelve features, by the names of the contract. */
export const features: Record<string, { label: string; unit: 'score' | 'count' | 'fit' }> = {
  tiny_prob_mean: { label: 'Pixel structure, on average', unit: 'score' },
  tiny_prob_max: { label: 'Pixel structure, worst moment', unit: 'score' },
  tiny_prob_p90: { label: 'Pixel structure, worst tenth', unit: 'score' },
  tiny_num_files: { label: 'Face crops examined', unit: 'count' },
  tiny_num_patches: { label: 'Patches examined', unit: 'count' },
  visual_prob_mean: { label: 'Faces, on average', unit: 'score' },
  visual_prob_max: { label: 'Faces, worst moment', unit: 'score' },
  visual_prob_p90: { label: 'Faces, worst tenth', unit: 'score' },
  visual_num_faces: { label: 'Faces examined', unit: 'count' },
  audio_prob_fake: { label: 'Voice', unit: 'score' },
  temporal_prob_fake: { label: 'Faces over time', unit: 'score' },
  sync_prob: { label: 'Lips and voice in sync', unit: 'fit' },
};

export const evidence = {
  title: 'Where it shows',
  player: 'The examined video',
  voicePlayer: 'The examined recording',
  still: 'The examined picture',
  cannotPlay:
    'This browser cannot play the format of this file, or the file is no longer stored. What was found in it is shown below all the same.',
  gone: 'The file is no longer stored. What was found in it is shown all the same.',
  back: 'One frame back',
  on: 'One frame on',
  boxes: 'Faces',
  heat: 'Heatmap',
  overlays: 'Draw over the picture',
  worst: 'Worst moment',
  person: (number: number) => `Person ${number}`,
  boxScored: (number: number, percent: number) => `Person ${number}  ${percent} %`,
  personsTitle: 'Who was seen',
  facesSeen: (count: number) => (count === 1 ? 'one face examined' : `${count} faces examined`),
  noPersons: 'No face was found that could be examined.',
  scores: {
    faces: 'Faces',
    temporal: 'Over time',
    gate: 'Pixels',
    sync: 'Lips in sync',
  },
  momentsTitle: 'Most suspect moments',
  momentsLead: 'Bright areas are where the models see traces. Choose one to go there.',
  momentAt: (time: string, number: number, percent: number) =>
    `Person ${number} at ${time} s, score ${percent} %`,
  picture: (number: number, percent: number) => `Person ${number}, score ${percent} %`,
  timeline: 'Timeline',
  timelineTitle: 'Timeline',
  timelineLead: 'High marks are suspect. Click, drag or use the arrow keys to go to a moment.',
  skippedParts: 'Long stretches that were not examined are left out of the line.',
  at: (seconds: string) => `${seconds} seconds`,
  lanes: {
    visual: 'Faces',
    gate: 'Pixel structure',
    temporal: 'Over time',
    voice: 'Voice',
    offset: 'Lips against voice',
  },
  cut: (time: string) => `Cut at ${time}`,
  dot: (number: number, time: string, percent: number) =>
    `Person ${number} at ${time} s: ${percent} %`,
  window: (percent: number) => `Score ${percent} %`,
  offset: (ms: number) =>
    ms === 0 ? 'In sync' : `Sound ${Math.abs(ms)} ms ${ms > 0 ? 'late' : 'early'}`,
  curve: {
    title: 'Lips against voice',
    lead: (ms: number) =>
      ms === 0
        ? 'Lips and voice fit best as they are.'
        : `Lips and voice fit best with the sound ${Math.abs(ms)} ms ${ms > 0 ? 'late' : 'early'}.`,
    confidence: 'Depth of the dip',
    spread: 'Scatter over the clip',
    x: 'Shift of the sound, ms',
    y: 'Misfit',
    hint: 'One deep dip near zero is how real speech looks. A flat curve means that lips and voice fit nowhere.',
  },
} as const;
