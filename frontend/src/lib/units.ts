/** In what a feature is counted: a score, things, or how well something fits (high is good). */
export type Unit = 'score' | 'count' | 'fit';

const UNITS: Record<string, Unit> = {
  tiny_num_files: 'count',
  tiny_num_patches: 'count',
  visual_num_faces: 'count',
  sync_prob: 'fit',
};

export function unitOf(feature: string): Unit {
  return UNITS[feature] ?? 'score';
}
