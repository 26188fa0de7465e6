import { Ellipsis, FileDown, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { AnalysisStatus } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { DeleteDialog } from '@/features/history/delete-dialog';
import { exportUrl, reportUrl } from '@/lib/links';
import { analysis as strings } from '@/strings';

/** Take the report along, or delete everything. */
export function Actions({ status }: { status: AnalysisStatus }) {
  const [deleting, setDeleting] = useState(false);
  const [, navigate] = useLocation();
  const { analysisId: id, fileName } = status;
  return (
    <>
      <Menu
        trigger={
          <Button className="px-2.5" aria-label={strings.actions}>
            <Ellipsis size={18} aria-hidden />
          </Button>
        }
      >
        {status.status === 'complete' && (
          <>
            <Download href={exportUrl(id, 'html')} name={strings.exports.html} />
            <Download href={exportUrl(id, 'pdf')} name={strings.exports.pdf} />
            <Download href={reportUrl(id)} file={`${id}.json`} name={strings.exports.json} />
          </>
        )}
        <MenuItem danger onSelect={() => setDeleting(true)}>
          <Trash2 size={15} aria-hidden />
          {strings.remove}
        </MenuItem>
      </Menu>
      <DeleteDialog
        target={deleting ? { id, fileName } : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => navigate('/history')}
      />
    </>
  );
}

function Download({ href, name, file = '' }: { href: string; name: string; file?: string }) {
  return (
    <MenuItem asChild>
      <a href={href} download={file}>
        <FileDown size={15} aria-hidden />
        {name}
      </a>
    </MenuItem>
  );
}
