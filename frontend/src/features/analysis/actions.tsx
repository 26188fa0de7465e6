import { Copy, Ellipsis, FileJson, FileText, Link2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { AnalysisStatus } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { DeleteDialog } from '@/features/history/delete-dialog';
import { reportUrl, sheetUrl } from '@/lib/links';
import { answerAsText } from '@/lib/verdict';
import { analysis as strings } from '@/strings';

/** Take the report along, or delete everything. */
export function Actions({ status }: { status: AnalysisStatus }) {
  const [deleting, setDeleting] = useState(false);
  const [, navigate] = useLocation();
  const { analysisId: id, fileName, result } = status;
  return (
    <>
      <Menu
        trigger={
          <Button className="px-2.5" aria-label={strings.actions}>
            <Ellipsis size={18} aria-hidden />
          </Button>
        }
      >
        {status.reportStored && (
          <>
            <MenuItem asChild>
              <Link href={sheetUrl(id)}>
                <FileText size={15} aria-hidden />
                {strings.exports.sheet}
              </Link>
            </MenuItem>
            <MenuItem asChild>
              <a href={reportUrl(id)} download={`${id}.json`}>
                <FileJson size={15} aria-hidden />
                {strings.exports.json}
              </a>
            </MenuItem>
          </>
        )}
        {result && (
          <MenuItem onSelect={() => copy(answerAsText(fileName, result, location.href))}>
            <Copy size={15} aria-hidden />
            {strings.exports.text}
          </MenuItem>
        )}
        <MenuItem onSelect={() => copy(location.href)}>
          <Link2 size={15} aria-hidden />
          {strings.exports.link}
        </MenuItem>
        <MenuItem danger onSelect={() => setDeleting(true)}>
          <Trash2 size={15} aria-hidden />
          {strings.remove}
        </MenuItem>
      </Menu>
      <DeleteDialog
        targets={deleting ? [{ id, fileName }] : []}
        onClose={() => setDeleting(false)}
        onDeleted={() => navigate('/history')}
      />
    </>
  );
}

function copy(text: string): void {
  void navigator.clipboard.writeText(text);
}
