/** The API's own names, from the generated types. Nothing here is written by hand but the unions. */
import type { Ended, Queued, StageUpdate, Started } from './generated/types.gen';

export type {
  AnalysisPage,
  AnalysisStatus,
  AskedInput,
  AskedOutput as Asked,
  Box,
  BranchEvidence,
  BystanderEvidence,
  Contribution,
  Coverage,
  Credentials,
  Ended,
  Extent,
  FaceCounters,
  FacePoint,
  FeedbackRecord,
  Fused,
  Hints,
  Limits,
  MediaInfo,
  Modality,
  ModalityVerdict,
  ModelCard,
  OffsetCurve,
  PersonEvidence,
  Preview,
  Problem,
  Queued,
  Reason,
  Reliability,
  Report,
  Result,
  Session,
  Sighting,
  StageInfo,
  StageState,
  StageUpdate,
  Started,
  StoredFrame,
  Sweep,
  SweptPicture,
  TimelineSecond,
  Truth,
  Verdict,
  Window as ScoredWindow,
} from './generated/types.gen';

/** The event stream: OpenAPI cannot tie the data's type to the event's name, so this does. */
export type AnalysisEvent = { seq: number } & (
  | { kind: 'queued'; data: Queued }
  | { kind: 'started'; data: Started }
  | { kind: 'stage'; data: StageUpdate }
  | { kind: 'end'; data: Ended }
);
