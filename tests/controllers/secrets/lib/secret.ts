import { get } from '../../../cluster/lib/kubectl';

/** The decoded values of a Secret. */
export async function valuesOf(namespace: string, name: string): Promise<Record<string, string>> {
  const { data } = await get<{ data?: Record<string, string> }>('secret', name, '-n', namespace);
  const values = Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
  return Object.fromEntries(values);
}
