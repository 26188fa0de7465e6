import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deleteAnalysis } from '@/api/actions';
import { statusQuery } from '@/api/queries';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { history } from '@/strings';

const strings = history.confirm;

export interface Target {
  id: string;
  fileName: string;
}

interface DeleteDialogProps {
  /** What is to be deleted; none while nothing is asked. */
  targets: readonly Target[];
  onClose: () => void;
  onDeleted?: () => void;
}

/** Asks once more, then deletes. */
export function DeleteDialog({ targets, onClose, onDeleted }: DeleteDialogProps) {
  const client = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: async (doomed: readonly Target[]) => {
      for (const { id } of doomed) {
        await deleteAnalysis(id);
        client.removeQueries({ queryKey: statusQuery(id).queryKey });
      }
    },
    onSuccess: () => {
      onClose();
      onDeleted?.();
    },
    // Some may be gone even where another could not be deleted.
    onSettled: () => client.invalidateQueries({ queryKey: ['analyses'] }),
  });
  const close = () => {
    reset();
    onClose();
  };
  return (
    <Dialog open={targets.length > 0} onClose={close} title={strings.title(targets.length)}>
      <p className="mt-2 text-ink-soft">{strings.body(targets.map(({ fileName }) => fileName))}</p>
      {error && <Problem error={error} className="mt-4" />}
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={close}>{strings.no}</Button>
        <Button look="danger" disabled={isPending} onClick={() => mutate(targets)}>
          {strings.yes}
        </Button>
      </div>
    </Dialog>
  );
}
