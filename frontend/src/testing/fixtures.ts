/** Typed examples of what the service answers, for component tests. */
import type {
  AnalysisEvent,
  AnalysisStatus,
  BranchEvidence,
  Report,
  StageInfo,
  StageUpdate,
} from '@/api/types';

export const ID = '0199aa00-0000-7000-8000-000000000001';

const node = (name: string, title: string, needs: string[], models: string[] = []) => ({
  name,
  title,
  description: `What ${title} does`,
  needs,
  models,
});

export const stages: StageInfo[] = [
  node('ingest', 'Ingest', []),
  node('hints', 'Hints', ['ingest']),
  node('faces', 'Faces and speech', ['hints'], ['blazeface', 'vad']),
  node('gate', 'Gate', ['faces'], ['tiny_ladeda']),
  node('visual', 'Faces', ['gate'], ['visual_resnet18', 'visual_effnet', 'visual_picture']),
  node('temporal', 'Faces over time', ['visual'], ['temporal_bilstm']),
  node('audio', 'Voice', ['faces'], ['audio_cqcc_cnn', 'audio_encoder']),
  node('av_sync', 'Lips and voice', ['gate'], ['av_sync_head']),
  node('fusion', 'Fusion', ['gate', 'visual', 'temporal', 'audio', 'av_sync'], ['fusion']),
  node('verdict', 'Verdict', ['fusion']),
];

const nothing = {
  reason: null,
  models: [],
  windows: [],
  offsetCurve: null,
  preview: null,
  detail: {},
} satisfies Partial<BranchEvidence>;

const offsets = Array.from({ length: 31 }, (_, index) => (index - 15) / 25);

export const branches = {
  gate: {
    ...nothing,
    models: ['tiny_ladeda'],
    state: 'done',
    score: 0.71,
    sentence: 'Pixel structure in the faces resembles synthesis (up to 88 %).',
    detail: { crops: 16, patches: 9216, clean: false },
  },
  visual: {
    ...nothing,
    models: ['visual_resnet18'],
    state: 'done',
    score: 0.91,
    sentence: 'The faces look altered or generated in 94 % of the moments examined.',
    detail: { faces: 40, persons: 1, suspect: 0 },
  },
  temporal: {
    ...nothing,
    models: ['temporal_bilstm'],
    state: 'done',
    score: 0.83,
    sentence: 'The faces change over time in ways that forgeries do (83 %).',
    windows: [
      { start: 0, end: 4, score: 0.71 },
      { start: 4, end: 8, score: 0.83 },
    ],
  },
  audio: {
    ...nothing,
    models: ['audio_cqcc_cnn', 'audio_encoder'],
    state: 'done',
    score: 0.18,
    sentence: 'The voice shows no traces of synthesis that we know.',
    windows: [
      { start: 0, end: 4, score: 0.12 },
      { start: 3, end: 7, score: 0.2 },
      { start: 6, end: 10, score: 0.22 },
    ],
  },
  av_sync: {
    ...nothing,
    models: ['av_sync_head'],
    state: 'done',
    score: 0.35,
    sentence: 'Lips and voice fit each other, with the sound 40 ms late.',
    offsetCurve: {
      offsets,
      distances: offsets.map((offset) => 1.1 - 0.6 * Math.exp(-(((offset - 0.04) / 0.08) ** 2))),
      bestOffset: 0.04,
      confidence: 0.58,
      spread: 0.03,
    },
  },
} satisfies Record<string, BranchEvidence>;

export const report: Report = {
  verdict: 'Deepfake',
  confidence: 95.8,
  probability: 0.958,
  reasons: ['branch_disagreement'],
  summary: 'What was examined bears traces of having been made or altered by a machine.',
  reliability: { right: 0.97, of: 412, sources: 23 },
  earlyExit: false,
  features: {
    tiny_prob_mean: 0.71,
    tiny_prob_max: 0.88,
    tiny_prob_p90: 0.85,
    tiny_num_files: 16,
    tiny_num_patches: 9216,
    visual_prob_mean: 0.91,
    visual_prob_max: 0.99,
    visual_prob_p90: 0.97,
    visual_num_faces: 40,
    audio_prob_fake: 0.18,
    temporal_prob_fake: 0.83,
    sync_prob: 0.65,
  },
  branches,
  fusion: {
    head: 'tiny+visual+audio+temporal+sync',
    probability: 0.958,
    logOdds: 3.13,
    baseline: -0.2,
    contributions: [
      { feature: 'tiny_prob_mean', value: 0.71, logOdds: 0.4 },
      { feature: 'visual_prob_mean', value: 0.91, logOdds: 2.1 },
      { feature: 'temporal_prob_fake', value: 0.83, logOdds: 1.2 },
      { feature: 'audio_prob_fake', value: 0.18, logOdds: -0.37 },
    ],
    temperature: 1.4,
    authenticBelow: 0.22,
    deepfakeAbove: 0.81,
  },
  modalities: [
    {
      modality: 'picture',
      verdict: 'Deepfake',
      probability: 0.93,
      head: 'tiny+visual+temporal',
      authenticBelow: 0.22,
      deepfakeAbove: 0.81,
      decisiveAbove: 0.95,
      reliability: { right: 0.92, of: 77, sources: 9 },
    },
    {
      modality: 'voice',
      verdict: 'Authentic',
      probability: 0.11,
      head: 'audio',
      authenticBelow: 0.2,
      deepfakeAbove: 0.9,
      decisiveAbove: 0.96,
      reliability: { right: 0.88, of: 34, sources: 3 },
    },
    {
      modality: 'lips',
      verdict: 'Inconclusive',
      probability: 0.48,
      head: 'sync',
      authenticBelow: 0.2,
      deepfakeAbove: 0.9,
      decisiveAbove: 0.96,
      reliability: null,
    },
  ],
  decidedBy: null,
  media: {
    kind: 'video',
    container: 'mp4',
    sizeBytes: 2_412_345,
    sha256: 'ab'.repeat(32),
    duration: 10,
    video: {
      codec: 'h264',
      width: 1280,
      height: 720,
      fps: 25,
      rotation: 0,
      pixelFormat: 'yuv420p',
      bitRate: 1_800_000,
    },
    audio: { codec: 'aac', sampleRate: 44_100, channels: 2, bitRate: 128_000 },
    reader: 'pyav',
    tags: { encoder: 'Lavf61' },
  },
  hints: {
    gopSeconds: 2,
    pictureTypes: { I: 5, P: 120 },
    packetTimes: [0, 0.04, 0.08],
    packetKilobytes: [60, 8, 9],
    keyTimes: [0, 2, 4, 6, 8],
    shotCuts: [4.2],
    silences: [],
    motion: 0.004,
    encoder: 'x264',
    traces: ['The stream was encoded more than once.'],
    credentials: {
      state: 'absent',
      problems: [],
      reason: null,
      issuer: null,
      commonName: null,
      signedAt: null,
      generator: null,
      actions: [],
      sourceTypes: [],
      ingredients: 0,
    },
  },
  coverage: {
    picture: { examined: 8, of: 10 },
    sound: { examined: 10, of: 10 },
    people: { examined: 1, of: 2 },
  },
  faces: {
    framesWithoutFace: 2,
    facesTooSmall: 1,
    facesTooBlurred: 0,
    facesCutOff: 0,
    facesNotPhotographs: 0,
    facesOverLimit: 0,
  },
  persons: [
    {
      person: 0,
      faces: Array.from({ length: 40 }, (_, index) => ({
        time: index / 4,
        box: { x: 500 + 2 * index, y: 200, width: 220, height: 220 },
        square: { x: 478 + 2 * index, y: 178, width: 264, height: 264 },
        detection: 0.98,
        gateScore: index < 16 ? 0.71 : null,
        visualScore: 0.8 + 0.19 * Math.sin(index / 4),
        crop: index === 6 ? 'face-0-6.jpg' : null,
        heatmap: index === 6 ? 'face-0-6-heat.png' : null,
      })),
      score: 0.91,
      temporalScore: 0.83,
      syncScore: 0.65,
    },
  ],
  asked: { full: false, thorough: false, start: null, end: null, face: null },
  sweep: null,
  calibration: null,
  bystanders: [
    {
      reason: 'too_small',
      sightings: [
        { time: 0, box: { x: 900, y: 240, width: 24, height: 24 } },
        { time: 0.25, box: { x: 904, y: 240, width: 24, height: 24 } },
      ],
    },
  ],
  timeline: [{ second: 0, gate: 0.7, visual: 0.9, audio: 0.1, syncOffset: 0.04 }],
  waveform: 'waveform.json',
  frames: [
    { time: 0, picture: 'frame-0.jpg' },
    { time: 1.5, picture: 'frame-1.jpg' },
  ],
  thumbnail: 'thumbnail.jpg',
  stages: [],
  warnings: [],
  models: { 'visual_resnet18/model.int8.onnx': 'cd'.repeat(32) },
  version: '0.2.0',
  pipeline: '0.2.0+0123456789ab',
};

export const status: AnalysisStatus = {
  analysisId: ID,
  status: 'complete',
  percent: 100,
  stageName: 'Final classification',
  result: {
    verdict: report.verdict,
    confidence: report.confidence,
    probability: report.probability,
    reasons: report.reasons,
    summary: report.summary,
    reliability: report.reliability,
    coverage: report.coverage,
    earlyExit: report.earlyExit,
    kind: 'video',
    thumbnail: 'thumbnail.jpg',
  },
  state: 'complete',
  stages: stages.map(({ name, title }) => ({
    stage: name,
    title,
    state: 'done',
    percent: 100,
    ms: 12,
    reason: null,
    spared: false,
  })),
  error: null,
  errorCode: null,
  queuePosition: null,
  webhook: null,
  fileName: 'interview.mp4',
  note: '',
  sizeBytes: 2_412_345,
  createdAt: '2026-11-20T10:00:00Z',
  finishedAt: '2026-11-20T10:00:02Z',
  full: false,
  asked: { full: false, thorough: false, start: null, end: null, face: null },
  cached: false,
  truth: null,
  uploadStored: true,
  reportStored: true,
  retained: true,
  links: {
    status: `/status/${ID}`,
    events: `/events/${ID}`,
    report: `/report/${ID}`,
    media: `/analyses/${ID}/media`,
    cancel: `/cancel/${ID}`,
  },
};

/** The update of a stage, with what a test cares about. */
export function update(stage: string, values: Partial<StageUpdate> = {}): StageUpdate {
  const overall = {
    overallPercent: 50,
    stageName: 'Running models',
    atMs: 0,
    reason: null,
    spared: false,
  };
  return { stage, state: 'done', percent: 100, ms: 12, detail: {}, ...overall, ...values };
}

/** Numbers events in their order, as the service does. */
export function numbered(
  events: { kind: AnalysisEvent['kind']; data: unknown }[],
): AnalysisEvent[] {
  return events.map((event, index) => ({ seq: index + 1, ...event }) as AnalysisEvent);
}
