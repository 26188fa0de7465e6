import { useMutation, useQuery } from '@tanstack/react-query';
import { signOut } from '@/api/actions';
import { sessionQuery } from '@/api/queries';
import { session as strings } from '@/strings';

/** Which key this browser holds, and the way out; nothing where none is needed. */
export function KeyHolder() {
  const { data: session } = useQuery(sessionQuery);
  const { mutate, isPending } = useMutation({
    mutationFn: signOut,
    // Whoever comes next finds nothing of it: not on the page, nor in the list of uploads.
    onSuccess: () => {
      sessionStorage.clear();
      window.location.assign('/');
    },
  });
  if (!session?.key) return null;
  return (
    <p>
      {strings.signedIn(session.key.name)}{' '}
      <button
        type="button"
        disabled={isPending}
        onClick={() => mutate()}
        className="underline underline-offset-4"
      >
        {strings.leave}
      </button>
    </p>
  );
}
