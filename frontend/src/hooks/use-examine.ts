import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { examineAgain } from '@/api/actions';
import { examinationsQuery, statusQuery } from '@/api/queries';
import type { AskedInput } from '@/api/types';

/** Starts another examination of a stored file, and goes there. */
export function useExamine(id: string) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: (asked: AskedInput) => examineAgain(id, asked),
    onSuccess: (status) => {
      client.setQueryData(statusQuery(status.analysisId).queryKey, status);
      void client.invalidateQueries({ queryKey: examinationsQuery(id).queryKey });
      navigate(`/analysis/${status.analysisId}`);
    },
  });
}
