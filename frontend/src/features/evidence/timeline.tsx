import { type KeyboardEvent, type PointerEvent, useMemo } from 'react';
import type { Report } from '@/api/types';
import { useWidth } from '@/hooks/use-width';
import { examinedSpans } from '@/lib/faces';
import { exactClock } from '@/lib/format';
import { usePlayhead, useTime } from '@/lib/playhead';
import { type TimeScale, timeScale } from '@/lib/time-scale';
import { momentInWords } from '@/lib/values';
import { evidence as strings } from '@/strings';
import { type Lane, lanesOf } from './lanes';
import { TimeAxis } from './time-axis';
import type { Waveform } from './waveform';

interface TimelineProps {
  report: Report;
  waveform: Waveform | undefined;
  laneHeight?: number;
}

const LABEL_WIDTH = 128;
const LABEL_HEIGHT = 18;
const LANE_HEIGHT = 48;
/** Seconds that an arrow key moves; with Shift, ten times as much. */
const KEY_STEP = 0.1;

/** Everything that has a time, one lane a kind; click, drag or use the arrow keys to go there. */
export function Timeline({ report, waveform, laneHeight = LANE_HEIGHT }: TimelineProps) {
  const [ref, whole] = useWidth<HTMLDivElement>();
  const labels = whole < 640 ? 0 : LABEL_WIDTH;
  const width = Math.max(0, whole - labels);
  const duration = report.media.duration ?? 0;
  const scale = useMemo(() => timeScale(duration, examinedSpans(report)), [duration, report]);
  const lanes = useMemo(() => lanesOf(report, waveform), [report, waveform]);
  // Without room beside the lanes, their names stand above each.
  const head = labels > 0 ? 0 : LABEL_HEIGHT;
  const step = head + laneHeight;
  const height = lanes.length * step;
  if (lanes.length === 0) return null;
  return (
    <div ref={ref} className="relative select-none">
      <div className="relative" style={{ marginLeft: labels }}>
        {width > 0 && (
          <>
            <svg aria-hidden="true" width={width} height={height} className="block">
              {lanes.map((lane, index) => (
                <g key={lane.name} transform={`translate(0 ${index * step + head})`}>
                  <line
                    x2={width}
                    y1={laneHeight - 0.5}
                    y2={laneHeight - 0.5}
                    className="stroke-line"
                  />
                  <lane.Draw scale={scale} width={width} height={laneHeight - 8} />
                </g>
              ))}
              <Cuts
                cuts={report.hints?.shotCuts ?? []}
                scale={scale}
                width={width}
                height={height}
              />
              <Breaks scale={scale} width={width} height={height} />
            </svg>
            <TimeAxis scale={scale} width={width} duration={duration} />
            <Seeker report={report} scale={scale} duration={duration} height={height} />
          </>
        )}
      </div>
      <Labels lanes={lanes} beside={labels > 0} height={step} />
      <Values report={report} />
    </div>
  );
}

/** Names of the lanes: beside them, or above each where there is no room. */
function Labels({ lanes, beside, height }: { lanes: Lane[]; beside: boolean; height: number }) {
  return (
    <ul className="pointer-events-none absolute inset-x-0 top-0 text-xs">
      {lanes.map((lane) => (
        <li
          key={lane.name}
          style={{ height, width: beside ? LABEL_WIDTH : undefined }}
          className={beside ? 'flex items-center pr-3 text-ink-soft' : 'pt-1 text-ink-faint'}
        >
          {lane.name}
        </li>
      ))}
    </ul>
  );
}

interface Marks {
  scale: TimeScale;
  width: number;
  height: number;
}

function Cuts({ cuts, scale, width, height }: Marks & { cuts: number[] }) {
  return cuts.map((cut) => (
    <line
      key={cut}
      x1={scale.place(cut) * width}
      x2={scale.place(cut) * width}
      y2={height}
      strokeDasharray="3 3"
      className="stroke-line-strong"
    >
      <title>{strings.cut(exactClock(cut))}</title>
    </line>
  ));
}

/** Where a stretch that nobody examined was left out. */
function Breaks({ scale, width, height }: Marks) {
  return scale.breaks.map((place) => (
    <g key={place}>
      <rect x={place * width - 5} width={10} height={height} className="fill-sunken" />
      <line x1={place * width - 5} x2={place * width - 5} y2={height} className="stroke-line" />
      <line x1={place * width + 5} x2={place * width + 5} y2={height} className="stroke-line" />
    </g>
  ));
}

/** What the lanes say at the playhead: nobody has to hit a mark to read its number. */
function Values({ report }: { report: Report }) {
  return (
    <p className="text-sm tabular-nums">
      <span className="text-ink-soft">{strings.values.label}: </span>
      {momentInWords(report, useTime())}
    </p>
  );
}

/** The playhead as a slider over all lanes. */
function Seeker({
  report,
  scale,
  duration,
  height,
}: {
  report: Report;
  scale: TimeScale;
  duration: number;
  height: number;
}) {
  const playhead = usePlayhead();
  const time = useTime();

  const point = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    playhead.seek(scale.time(Math.min(1, Math.max(0, (event.clientX - left) / width))));
  };

  const press = (event: KeyboardEvent) => {
    const step = KEY_STEP * (event.shiftKey ? 10 : 1);
    const to = {
      ArrowLeft: playhead.time - step,
      ArrowRight: playhead.time + step,
      Home: 0,
      End: duration,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    playhead.seek(Math.min(duration, Math.max(0, to)));
  };

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={strings.timeline}
      aria-valuemin={0}
      aria-valuemax={Math.round(duration * 100) / 100}
      aria-valuenow={Math.round(time * 100) / 100}
      aria-valuetext={momentInWords(report, time)}
      className="absolute inset-x-0 top-0 cursor-crosshair touch-pan-y"
      style={{ height }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={point}
      onKeyDown={press}
    >
      <div
        className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-accent"
        style={{ left: `${100 * scale.place(time)}%` }}
      >
        <div className="absolute -top-1 left-1/2 size-2.5 -translate-x-1/2 rounded-full bg-accent" />
      </div>
    </div>
  );
}
