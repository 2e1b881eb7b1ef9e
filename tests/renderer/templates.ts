import { build } from 'esbuild';

/** Templates written for the tests, as an administrator would write them: TSX that imports what the server allows. */
const TEMPLATES: Record<string, string> = {
  'a sign-in code': `
    import { Body, Container, Head, Html, Section, Text } from '@react-email/components';
    export const Email = () => (
      <Html><Head /><Body style={{ backgroundColor: '#fff' }}><Container><Section>
        <Text>Your code is <b>{'483 920'}</b></Text><Text>It works for 10 minutes &amp; once.</Text>
      </Section></Container></Body></Html>
    );`,
  'style sheets of Tailwind': `
    import { Button, Head, Html, Link, Tailwind } from '@react-email/components';
    export const Email = () => (
      <Html><Tailwind config={{ theme: { extend: { colors: { brand: '#0a7' } } } }}><Head />
        <Button href="https://acme.test/a?b=1&c=2" className="bg-brand px-4 py-2 sm:px-8 hover:underline">Go</Button>
        <Link href="https://acme.test" className="text-sm text-gray-500">acme</Link>
      </Tailwind></Html>
    );`,
  'many scripts and signs': `
    import { Heading, Hr, Html, Img, Preview, Text } from '@react-email/components';
    export const Email = () => (
      <Html lang="ar" dir="rtl"><Preview>معاينة</Preview><Heading as="h2">Grüße, 世界 👩‍👩‍👧 𝔘𝔫𝔦</Heading>
        <Text>{'<script>alert("x")</script>'} &lt;\\u2028</Text><Hr /><Img src="https://acme.test/ä.png" alt="ä" /></Html>
    );`,
  'code and Markdown': `
    import { CodeBlock, Html, Markdown, dracula } from '@react-email/components';
    export const Email = () => (
      <Html><CodeBlock code={'const a = 1;'} language="javascript" theme={dracula} />
        <Markdown>{'# One\\n\\n- two\\n- [three](https://acme.test)'}</Markdown></Html>
    );`,
  'a checked variable': `
    import { Html, Text } from '@react-email/components';
    import { type } from 'arktype';
    const schema = type({ name: 'string > 0', 'age?': 'number.integer' });
    export const Email = () => {
      const good = schema({ name: 'Ada', more: true }), bad = schema({ name: '', age: 1.5 });
      return <Html><Text>{JSON.stringify(good)} {bad instanceof type.errors ? bad.summary : 'no error'}</Text></Html>;
    };`,
};

export const templateNames = Object.keys(TEMPLATES);

/** The module that the server makes of a template: bundled by esbuild, with the bare imports left in it. */
export async function moduleOf(name: string): Promise<string> {
  const files: Record<string, string> = {
    '/entry.js': `
      export default async () => {
        try {
          const { renderAll } = await import('./render.tsx');
          return { status: 'ok', data: await renderAll() };
        } catch (error) {
          return { status: 'error', error: { message: error.message, stack: error.stack } };
        }
      };`,
    '/render.tsx': `
      import { configure } from 'arktype/config';
      configure({ onUndeclaredKey: 'delete' });
      import React from 'react';
      import { render } from '@react-email/components';
      import { Email } from './template.tsx';
      export const renderAll = async () => ({
        html: await render(<Email />),
        text: await render(<Email />, { plainText: true }),
      });`,
    '/template.tsx': TEMPLATES[name]!,
  };
  const { outputFiles } = await build({
    entryPoints: ['/entry.js'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2015',
    jsx: 'automatic',
    external: ['arktype', 'react', 'react/jsx-runtime', '@react-email/components'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'files',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /./ }, ({ path }) => {
            const file = `/${path.replace(/^\.?\//, '')}`;
            return file in files ? { path: file, namespace: 'files' } : undefined;
          });
          onLoad({ filter: /./, namespace: 'files' }, ({ path }) => ({
            contents: files[path]!,
            loader: path.endsWith('.tsx') ? 'tsx' : 'js',
          }));
        },
      },
    ],
  });
  return outputFiles[0]!.text;
}
