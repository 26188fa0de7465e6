/** Terms that not everybody knows, as they stand in the texts, and what they mean. */
export const glossary: Record<string, string> = {
  'log-odds':
    'A probability on a scale on which evidence adds up: 0 is 50 %, +2.2 is 90 %, −2.2 is 10 %.',
  Baseline: 'What the probability would be before anything of this file is weighed.',
  AUC: 'How often a fake scores higher than a real one, over all pairs: 0.5 is guessing, 1 is never wrong.',
  calibrated: 'Corrected so that of all files given 80 %, about 80 % are really fake.',
  'early exit':
    'Where the first quick check is clear, the slower checks of the picture are left out.',
  Heatmap: 'Shows where in a face the model sees traces: the brighter, the more.',
  gate: 'The quick first check: fine patterns between neighbouring pixels, which cameras and generators leave differently.',
  branch: 'One kind of examination, with a model and a score of its own.',
  'key frame': 'A picture that is stored whole; those between store only what changes.',
  'SHA-256': 'A fingerprint of a file: another content has another one.',
  'Content Credentials':
    'A signed statement inside the file on where it comes from and how it was edited (C2PA).',
  vocoders:
    'Programs that turn a description of speech into sound: the last step of voice cloning.',
  fps: 'Pictures a second.',
};
