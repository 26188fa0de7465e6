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
  featuresTitle: 'The twelve features',
  featuresLead:
    'What the fusion weighs. A score is the probability of a forgery; for sync alone, high is good. What could not be examined is left out, never filled in.',
  absent: 'not examined',
  columns: { feature: 'Feature', value: 'Value' },
} as const;
