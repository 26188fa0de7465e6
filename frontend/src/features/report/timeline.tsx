import type { Report } from '@/api/types';
import { edgesOf, toneOf } from '@/lib/evidence-scale';
import { clock } from '@/lib/format';
import { timeScale } from '@/lib/time-scale';
import { evidence, report as strings } from '@/strings';

const WIDTH = 1000;
const LANE = 70;
const LABEL = 24;
const AXIS = 28;
const SPACING = 90;

const LANES = [
  ['visual', evidence.lanes.visual],
  ['gate', evidence.lanes.gate],
  ['audio', evidence.lanes.voice],
] as const;

/** The scores of every examined second, for paper. */
export function Timeline({ report }: { report: Report }) {
  const { timeline, media } = report;
  const lanes = LANES.filter(([name]) => timeline.some((second) => second[name] != null));
  if (lanes.length === 0 || media.kind === 'image') return null;
  const last = timeline.at(-1)?.second ?? 0;
  const scale = timeScale(
    media.duration ?? last + 1,
    timeline.map(({ second }) => ({ start: second, end: second + 1 })),
  );
  const edges = edgesOf(report);
  const x = (time: number) => WIDTH * scale.place(time);
  const height = lanes.length * (LABEL + LANE);
  return (
    <>
      <h2>{strings.timeline}</h2>
      <p className="soft">{strings.timelineLead}</p>
      <svg
        role="img"
        aria-label={strings.timeline}
        className="timeline"
        viewBox={`0 0 ${WIDTH} ${height + AXIS}`}
      >
        {lanes.map(([name, title], index) => {
          const bottom = (index + 1) * (LABEL + LANE);
          return (
            <g key={name}>
              <text y={bottom - LANE - 6}>{title}</text>
              <line x2={WIDTH} y1={bottom} y2={bottom} />
              {timeline.map((second) => {
                const score = second[name];
                if (score == null) return null;
                const from = x(second.second);
                return (
                  <rect
                    key={second.second}
                    className={toneOf(score, edges)}
                    x={from}
                    width={Math.max(2, x(second.second + 1) - from - 1)}
                    y={bottom - LANE * score}
                    height={Math.max(1, LANE * score)}
                  />
                );
              })}
            </g>
          );
        })}
        {ticks(timeline.map(({ second }) => second)).map((second) => (
          <text key={second} x={x(second)} y={height + 20}>
            {clock(second)}
          </text>
        ))}
      </svg>
    </>
  );

  /** Seconds that are far enough apart to be labelled. */
  function ticks(seconds: number[]): number[] {
    const shown: number[] = [];
    for (const second of seconds) {
      const before = shown.at(-1);
      if (before === undefined || x(second) - x(before) >= SPACING) shown.push(second);
    }
    return shown;
  }
}
