import { useState } from 'react';
import { useUploadStored } from '@/hooks/use-upload-stored';
import { mediaUrl } from '@/lib/links';
import { evidence as strings } from '@/strings';
import { FIRST_LAYERS, LayerSwitches } from './layer-switches';
import { Moments } from './moments';
import { Overlay } from './overlay';
import { Persons } from './persons';
import { StoredFrames } from './stored-frames';
import type { ViewProps } from './view-props';

/** The picture with everything that was found in it drawn over it. */
export function StillView({ id, report }: ViewProps) {
  const [shows, setShows] = useState(FIRST_LAYERS);
  const [broken, setBroken] = useState(false);
  const stored = useUploadStored(id, broken);
  const shown = stored && !broken;
  const { width, height } = report.media.video ?? { width: 4, height: 3 };
  return (
    <div className="flex flex-col gap-8">
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div>
          {!shown ? (
            <StoredFrames
              {...{ id, report, width, height, shows, stored }}
              why={stored ? strings.cannotPlay : strings.gone}
            >
              <LayerSwitches shows={shows} onChange={setShows} />
            </StoredFrames>
          ) : (
            <>
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
                <Overlay id={id} report={report} width={width} height={height} shows={shows} />
              </div>
              <div className="mt-3 flex gap-2">
                <LayerSwitches shows={shows} onChange={setShows} />
              </div>
            </>
          )}
        </div>
        <Persons id={id} report={report} />
      </div>
      <Moments id={id} report={report} heat={shows.heat} />
    </div>
  );
}
