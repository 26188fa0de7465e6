import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { AnalysisStatus } from '@/api/types';
import { Button } from '@/components/ui/button';
import { DeleteDialog } from '@/features/history/delete-dialog';
import { analysis as strings } from '@/strings';

/** Delete the analysis and everything that belongs to it. */
export function Actions({ status }: { status: AnalysisStatus }) {
  const [deleting, setDeleting] = useState(false);
  const [, navigate] = useLocation();
  const { analysisId: id, fileName } = status;
  return (
    <>
      <Button
        className="px-2.5"
        aria-label={strings.remove}
        title={strings.remove}
        onClick={() => setDeleting(true)}
      >
        <Trash2 size={17} aria-hidden />
      </Button>
      <DeleteDialog
        targets={deleting ? [{ id, fileName }] : []}
        onClose={() => setDeleting(false)}
        onDeleted={() => navigate('/history')}
      />
    </>
  );
}
