import { useState } from 'react';
import { SwitchButton } from '@/components/ui/switch-button';
import { useUploadStored } from '@/hooks/use-upload-stored';
import { mediaUrl } from '@/lib/links';
import { evidence as strings } from '@/strings';
import type { ViewProps } from './evidence';
import { Moments } from './moments';
import { Overlay } from './overlay';
import { Persons } from './persons';

/** The picture with everything that was found in it drawn over it. */
export function StillView({ id, report }: ViewProps) {
  const [boxes, setBoxes] = useState(true);
  const [heat, setHeat] = useState(true);
  const [broken, setBroken] = useState(false);
  const stored = useUploadStored(id, broken);
  const shown = stored && !broken;
  const { width, height } = report.media.video ?? { width: 4, height: 3 };
  return (
    <div className="flex flex-col gap-8">
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div>
          {!shown ? (
            <p className="rounded-xl bg-sunken p-8 text-center text-ink-soft">
              {stored ? strings.cannotPlay : strings.gone}
            </p>
          ) : (
            <div
              className="relative mx-auto overflow-hidden rounded-xl"
              style={{ aspectRatio: `${width} / ${height}`, maxHeight: '70vh' }}
            >
              <img
                src={mediaUrl(id)}
                alt={strings.still}
                className="size-full"
                onError={() => setBroken(true)}
              />
              <Overlay
                id={id}
                persons={report.persons}
                width={width}
                height={height}
                shows={{ boxes, heat }}
              />
            </div>
          )}
          {shown && (
            <div className="mt-3 flex gap-2">
              <SwitchButton pressed={boxes} onChange={setBoxes}>
                {strings.boxes}
              </SwitchButton>
              <SwitchButton pressed={heat} onChange={setHeat}>
                {strings.heat}
              </SwitchButton>
            </div>
          )}
        </div>
        <Persons id={id} persons={report.persons} />
      </div>
      <Moments id={id} report={report} heat={heat} />
    </div>
  );
}
