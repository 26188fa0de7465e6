/** What a stage found, small enough for its node. Stages not named here are branches. */
import type { ComponentType } from 'react';
import type { BranchEvidence } from '@/api/types';
import { BranchResult } from './branch';
import type { Details } from './details';
import { FacesResult } from './faces';
import { FusionResult, VerdictResult } from './judgement';
import { HintsResult, IngestResult } from './media';

const VIEWS: { [Stage in keyof Details]: ComponentType<{ detail: Details[Stage] }> } = {
  ingest: IngestResult,
  hints: HintsResult,
  faces: FacesResult,
  fusion: FusionResult,
  verdict: VerdictResult,
};

/** Details come as free-form JSON; what an older or newer service left out shows as nothing. */
export function StageResult({ stage, detail }: { stage: string; detail: Record<string, unknown> }) {
  if (Object.keys(detail).length === 0) return null;
  if (stage in VIEWS) {
    const View = VIEWS[stage as keyof Details] as ComponentType<{ detail: unknown }>;
    return <View detail={detail} />;
  }
  return <BranchResult detail={detail as Partial<BranchEvidence>} />;
}
