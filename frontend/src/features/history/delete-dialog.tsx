import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deleteAnalysis } from '@/api/actions';
import { statusQuery } from '@/api/queries';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { history } from '@/strings';

const strings = history.confirm;

interface DeleteDialogProps {
  /** What is to be deleted; null while nothing is asked. */
  target: { id: string; fileName: string } | null;
  onClose: () => void;
  onDeleted?: () => void;
}

/** Asks once more, then deletes. */
export function DeleteDialog({ target, onClose, onDeleted }: DeleteDialogProps) {
  const client = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: deleteAnalysis,
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: statusQuery(id).queryKey });
      void client.invalidateQueries({ queryKey: ['analyses'] });
      onClose();
      onDeleted?.();
    },
  });
  const close = () => {
    reset();
    onClose();
  };
  return (
    <Dialog open={target !== null} onClose={close} title={strings.title}>
      <p className="mt-2 text-ink-soft">{target && strings.body(target.fileName)}</p>
      {error && <Problem error={error} className="mt-4" />}
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={close}>{strings.no}</Button>
        <Button look="danger" disabled={isPending} onClick={() => target && mutate(target.id)}>
          {strings.yes}
        </Button>
      </div>
    </Dialog>
  );
}
