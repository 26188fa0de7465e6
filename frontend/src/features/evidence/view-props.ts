import type { Report } from '@/api/types';
import type { Waveform } from './waveform';

/** What each view of the evidence is given. */
export interface ViewProps {
  id: string;
  report: Report;
  waveform: Waveform | undefined;
}
