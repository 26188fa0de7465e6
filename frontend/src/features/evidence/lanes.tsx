/** What runs along the timeline, each lane with its own way of drawing. */
import type { ComponentType } from 'react';
import type { Report, ScoredWindow } from '@/api/types';
import { Swept } from '@/features/further/swept';
import { useColour } from '@/lib/evidence-scale';
import { percent } from '@/lib/format';
import { across } from '@/lib/offset-curve';
import { further as furtherStrings, evidence as strings } from '@/strings';
import type { LaneProps } from './lane-props';
import { Peaks, type Waveform } from './waveform';

const further = furtherStrings.sweep;

export interface Lane {
  name: string;
  Draw: ComponentType<LaneProps>;
}

interface Dot {
  time: number;
  score: number;
  person: number;
}

/** The lanes that this report has anything for, in the order in which people read them. */
export function lanesOf(report: Report, waveform: Waveform | undefined): Lane[] {
  const lanes: Lane[] = [];
  const visual = dots(report, 'visualScore');
  const gate = dots(report, 'gateScore');
  const temporal = report.branches.temporal?.windows ?? [];
  const voice = report.branches.audio?.windows ?? [];
  const offsets = report.timeline.filter(({ syncOffset }) => syncOffset != null);
  const add = (name: string, Draw: Lane['Draw']) => lanes.push({ name, Draw });
  if (visual.length > 0) add(strings.lanes.visual, (props) => <Dots dots={visual} {...props} />);
  if (gate.length > 0) add(strings.lanes.gate, (props) => <Dots dots={gate} {...props} />);
  if (temporal.length > 0) {
    add(strings.lanes.temporal, (props) => <Bars windows={temporal} {...props} />);
  }
  if (voice.length > 0 || waveform) {
    add(strings.lanes.voice, (props) => (
      <>
        {waveform && <Peaks waveform={waveform} windows={voice} {...props} />}
        {!waveform && <Bars windows={voice} {...props} />}
      </>
    ));
  }
  if (report.sweep && report.sweep.pictures.length > 0) {
    const { pictures } = report.sweep;
    add(further.lanes.faces, (props) => <Swept pictures={pictures} {...props} />);
  }
  if (report.sweep && report.sweep.voice.length > 0) {
    const { voice: windows } = report.sweep;
    add(further.lanes.voice, (props) => <Bars windows={windows} {...props} />);
  }
  if (offsets.length > 0)
    add(strings.lanes.offset, (props) => <Offsets seconds={offsets} {...props} />);
  return lanes;
}

function dots(report: Report, score: 'visualScore' | 'gateScore'): Dot[] {
  return report.persons.flatMap(({ person, faces }) =>
    faces.flatMap((face) => {
      const value = face[score];
      return value == null ? [] : [{ time: face.time, score: value, person }];
    }),
  );
}

/** A mark an examined face: high is suspect. */
function Dots({ dots, scale, width, height }: LaneProps & { dots: Dot[] }) {
  const colour = useColour();
  return (
    <>
      <line
        x2={width}
        y1={4 + height / 2}
        y2={4 + height / 2}
        className="stroke-line"
        strokeDasharray="1 4"
      />
      {dots.map((dot) => (
        <circle
          key={`${dot.person}-${dot.time}`}
          cx={scale.place(dot.time) * width}
          cy={4 + (1 - dot.score) * height}
          r={3}
          fill={colour(dot.score)}
        >
          <title>{strings.dot(dot.person + 1, dot.time.toFixed(1), percent(dot.score))}</title>
        </circle>
      ))}
    </>
  );
}

/** A bar a scored span: tall is suspect. */
function Bars({ windows, scale, width, height }: LaneProps & { windows: ScoredWindow[] }) {
  const colour = useColour();
  return windows.map((window, index) => {
    const x = scale.place(window.start) * width;
    return (
      <rect
        // biome-ignore lint/suspicious/noArrayIndexKey: runs of two persons may start together
        key={index}
        x={x}
        width={Math.max(2, scale.place(window.end) * width - x - 1)}
        y={4 + (1 - window.score) * height}
        height={Math.max(2, window.score * height)}
        rx={2}
        fill={colour(window.score)}
        fillOpacity={0.7}
      >
        <title>{strings.window(percent(window.score))}</title>
      </rect>
    );
  });
}

/** Shift of the sound, second by second: on the middle line lips and voice fit. */
function Offsets({ seconds, scale, width, height }: LaneProps & { seconds: Report['timeline'] }) {
  const middle = 4 + height / 2;
  return (
    <>
      <line x2={width} y1={middle} y2={middle} className="stroke-line-strong" />
      {seconds.map(({ second, syncOffset }) => {
        const x = scale.place(second) * width;
        const to = 2 * across(syncOffset ?? 0) - 1;
        return (
          <rect
            key={second}
            x={x + 1}
            width={Math.max(2, scale.place(second + 1) * width - x - 2)}
            y={Math.min(middle, middle - (to * height) / 2) - 1}
            height={Math.abs((to * height) / 2) + 2}
            className="fill-ink-soft"
          >
            <title>{strings.offset(Math.round(1000 * (syncOffset ?? 0)))}</title>
          </rect>
        );
      })}
    </>
  );
}
