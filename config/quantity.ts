/** A Kubernetes quantity as a number of its base unit: cores or bytes. */
export function amount(quantity: string | number): number {
  if (typeof quantity === 'number') return quantity;
  const [, digits, unit] = /^([\d.]+)(\w*)$/.exec(quantity) ?? [];
  return Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN);
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
