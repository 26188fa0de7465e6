import type { FaceCounters, Fused, Hints, MediaInfo, Result } from '@/api/types';

/** The `detail` of a stage's last event, by stage; see backend/assay/pipeline.py. */
export interface Details {
  ingest: MediaInfo;
  hints: Hints;
  faces: {
    persons: number;
    faces: number;
    voicedSeconds: number | null;
    counters: FaceCounters;
    /** A few faces, as data: addresses. */
    thumbnails: string[];
    /** Lowest and highest sample, slice by slice. */
    waveform: [number, number][];
  };
  fusion: Partial<Fused>;
  verdict: Pick<Result, 'verdict' | 'confidence' | 'probability'>;
}
