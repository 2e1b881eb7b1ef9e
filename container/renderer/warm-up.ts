/**
 * Renders an e-mail of no content before the snapshot is taken, so that every later process finds the style sheets of
 * Tailwind made and the code of React compiled. Node 26 can keep that; older versions fail to build such a snapshot.
 */
export function warmUp(modules: Record<string, Record<string, unknown>>): void {
  const { createElement } = modules.react as unknown as Pick<React, 'createElement'>;
  const { Body, Button, Container, Head, Html, Link, Tailwind, Text, render } = modules[
    '@react-email/components'
  ] as unknown as Components;
  const email = createElement(
    Html,
    null,
    createElement(
      Tailwind,
      null,
      createElement(Head, null),
      createElement(
        Body,
        { className: 'bg-white p-4' },
        createElement(
          Container,
          { className: 'mx-auto max-w-lg' },
          createElement(Text, { className: 'text-lg font-bold' }, ' '),
          createElement(Link, { href: '#' }, ' '),
          createElement(Button, { href: '#', className: 'px-4 py-2' }, ' '),
        ),
      ),
    ),
  );
  render(email).then(() => render(email, { plainText: true }));
}

interface React {
  createElement(type: unknown, props: object | null, ...children: unknown[]): unknown;
}

type Components = Record<'Body' | 'Button' | 'Container' | 'Head' | 'Html' | 'Link' | 'Tailwind' | 'Text', unknown> & {
  render(element: unknown, options?: { plainText: boolean }): Promise<string>;
};
