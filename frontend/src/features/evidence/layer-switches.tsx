import { SwitchButton } from '@/components/ui/switch-button';
import { evidence as strings } from '@/strings';

/** What is drawn over a picture. */
export interface Layers {
  boxes: boolean;
  heat: boolean;
}

/** Heat draws the eye to places whether or not they counted: it waits to be asked for. */
export const FIRST_LAYERS: Layers = { boxes: true, heat: false };

/** A switch for each layer. */
export function LayerSwitches({
  shows,
  onChange,
}: {
  shows: Layers;
  onChange: (shows: Layers) => void;
}) {
  return (
    <>
      <SwitchButton pressed={shows.boxes} onChange={(boxes) => onChange({ ...shows, boxes })}>
        {strings.boxes}
      </SwitchButton>
      <SwitchButton pressed={shows.heat} onChange={(heat) => onChange({ ...shows, heat })}>
        {strings.heat}
      </SwitchButton>
    </>
  );
}
