import { Link } from 'wouter';
import { Button } from '@/components/ui/button';
import { useTitle } from '@/hooks/use-title';
import { common } from '@/strings';

export default function NotFound() {
  useTitle(common.notFound.title);
  return (
    <div className="mx-auto max-w-md pt-24 text-center">
      <h1 className="font-serif text-3xl">{common.notFound.title}</h1>
      <p className="mt-3 mb-6 text-ink-soft">{common.notFound.body}</p>
      <Button asChild look="primary">
        <Link href="/">{common.notFound.action}</Link>
      </Button>
    </div>
  );
}
