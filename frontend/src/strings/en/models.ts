export const models = {
  title: 'Models',
  lead: 'Every model that takes part in a verdict: how well it does on material it never saw, and where it is weakest. Choose one to read its card.',
  columns: {
    model: 'Model',
    what: 'What it judges',
    unseen: 'On material it never saw',
    weakest: 'Weakest condition',
  },
  auc: (value: string, kind: string) => (kind ? `AUC ${value}, ${kind}` : `AUC ${value}`),
  aucLead:
    'AUC: how often a fake scores higher than a real one; 0.5 is guessing, 1 is never wrong.',
  none: '—',
  about: {
    blazeface: { title: 'Face detector', what: 'Finds faces. It judges nothing.' },
    photograph: {
      title: 'Photograph check',
      what: 'Tells photographs of people from drawn, painted and masked faces, which are not judged',
    },
    tiny_ladeda: {
      title: 'Gate',
      what: 'The finest pixel structure of faces, to spare clear cases the rest',
    },
    visual_resnet18: {
      title: 'Faces, blended',
      what: 'Faces that were swapped, warped or pasted in',
    },
    visual_effnet: { title: 'Faces, generated', what: 'Faces that a generator made as a whole' },
    visual_picture: {
      title: 'Pictures, generated',
      what: 'Pictures that a generator made, around the face too',
    },
    temporal_bilstm: { title: 'Faces over time', what: 'How a face changes from moment to moment' },
    audio_cqcc_cnn: { title: 'Voice, in detail', what: 'Traces that vocoders leave in the sound' },
    audio_encoder: { title: 'Voice, as a whole', what: 'Whether a voice speaks as people do' },
    vad: {
      title: 'Speech detector',
      what: 'Tells speech from music and noise. It judges nothing.',
    },
    av_sync_head: { title: 'Lips and voice', what: 'Whether lips and voice belong together' },
    fusion: { title: 'Fusion', what: 'Weighs all of the above to one probability' },
  } as Record<string, { title: string; what: string }>,
  empty: 'No models are installed.',
  serves: 'Serves',
  hash: 'SHA-256',
  numbersTitle: 'Measured numbers',
  interval: (value: string, low: string, high: string) => `${value} (${low} to ${high})`,
  noNumbers: 'No numbers have been published for this model.',
  noCard: 'No card has been published for this model.',
  reliability: {
    title: 'Is 80 % really 80 %?',
    lead: 'Each mark groups similar scores: what was stated, against the share that was really forged. On the diagonal, the two agree.',
    x: 'Stated',
    y: 'Really forged',
    bin: (stated: number, observed: number, count: number) =>
      `Stated ${stated} %, really ${observed} %, ${count} files`,
    label: 'Reliability diagram',
  },
} as const;
