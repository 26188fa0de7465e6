import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { signIn } from '@/api/actions';
import { sessionQuery } from '@/api/queries';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { useTitle } from '@/hooks/use-title';
import { session as strings } from '@/strings';

/** In place of every screen: a key, please. */
export function SignIn() {
  useTitle(strings.title);
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      // What was refused without the key is asked for again.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
  const enter = (event: FormEvent) => {
    event.preventDefault();
    mutate(key);
  };
  return (
    <form onSubmit={enter} className="mx-auto max-w-md pt-12">
      <h1 className="font-serif text-4xl tracking-tight">{strings.title}</h1>
      <p className="mt-2 mb-6 text-ink-soft">{strings.lead}</p>
      <label htmlFor="key" className="mb-1 block font-medium text-sm">
        {strings.key}
      </label>
      <input
        id="key"
        type="password"
        required
        autoComplete="current-password"
        spellCheck={false}
        value={key}
        onChange={(event) => setKey(event.target.value)}
        aria-describedby="kept"
        className="w-full rounded-lg border border-line bg-surface px-3 py-2"
      />
      <p id="kept" className="mt-1 mb-4 text-ink-soft text-sm">
        {strings.kept}
      </p>
      <Button type="submit" look="primary" disabled={isPending || !key.trim()}>
        {strings.enter}
      </Button>
      {error && <Problem error={error} className="mt-4" />}
    </form>
  );
}
