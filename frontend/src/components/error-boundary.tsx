import { Component, type ReactNode } from 'react';
import { common } from '@/strings';
import { Button } from './ui/button';

interface Props {
  children: ReactNode;
}

/** Keeps a fault of one screen from taking the page along: a chunk that cannot be loaded, say. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div role="alert" className="mx-auto max-w-md pt-24 text-center">
        <h1 className="font-serif text-3xl">{common.broken.title}</h1>
        <p className="mt-3 mb-6 text-ink-soft">{common.broken.body}</p>
        <Button look="primary" onClick={() => location.reload()}>
          {common.broken.action}
        </Button>
      </div>
    );
  }
}
