import type { ComponentProps } from 'react';
import Primitive, { type Components } from 'react-markdown';
import gfm from 'remark-gfm';
import { figureUrl } from '@/lib/links';

/** Headings start below those of the page; everything else is dressed like the page. */
const PARTS: Components = {
  h1: () => null,
  h2: Heading,
  h3: Heading,
  p: (props) => <p className="my-2.5 max-w-[70ch]" {...plain(props)} />,
  ul: (props) => <ul className="my-2.5 max-w-[70ch] list-disc space-y-1 pl-5" {...plain(props)} />,
  ol: (props) => (
    <ol className="my-2.5 max-w-[70ch] list-decimal space-y-1 pl-5" {...plain(props)} />
  ),
  code: (props) => (
    <code className="break-words rounded bg-sunken px-1 py-0.5 text-[0.85em]" {...plain(props)} />
  ),
  pre: (props) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="my-3 overflow-x-auto rounded-lg bg-sunken p-3 text-sm">
      <pre {...plain(props)} />
    </div>
  ),
  table: (props) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="my-3 overflow-x-auto">
      <table className="text-sm tabular-nums" {...plain(props)} />
    </div>
  ),
  th: (props) => (
    <th
      className="border-line-strong border-b px-3 py-1.5 text-left font-medium"
      {...plain(props)}
    />
  ),
  td: (props) => <td className="border-line border-b px-3 py-1.5" {...plain(props)} />,
  a: ({ children }) => <span className="font-medium">{children}</span>,
};

function Heading(props: ComponentProps<'h3'>) {
  return <h3 className="mt-6 mb-1 font-serif text-xl" {...plain(props)} />;
}

/** Without the syntax tree that the library hands along. */
function plain<T extends object>(props: T): Omit<T, 'node'> {
  const { node: _, ...rest } = props as T & { node?: unknown };
  return rest as Omit<T, 'node'>;
}

/**
 * A model's card. HTML in it stays text; links are not followed: the page works offline. Of pictures
 * only the drawings beside the card are shown.
 */
export function Markdown({ model, text }: { model: string; text: string }) {
  const img = ({ src, alt }: ComponentProps<'img'>) => (
    <Figure model={model} file={src} name={alt} />
  );
  return (
    <Primitive remarkPlugins={[gfm]} components={{ ...PARTS, img }}>
      {text}
    </Primitive>
  );
}

function Figure(props: { model: string; file?: string; name?: string }) {
  const { model, file, name } = props;
  if (!file || !/^[a-z]+\.svg$/.test(file)) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <span tabIndex={0} className="my-2 block overflow-x-auto">
      <img src={figureUrl(model, file)} alt={name ?? ''} loading="lazy" className="max-w-none" />
    </span>
  );
}
