import { SwitchButton } from '@/components/ui/switch-button';
import { evidence as strings } from '@/strings';

/** What is drawn over a picture. */
export interface Layers {
  boxes: boolean;
  heat: boolean;
}

export const ALL_LAYERS: Layers = { boxes: true, heat: true };

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
