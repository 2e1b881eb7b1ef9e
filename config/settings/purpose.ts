import * as z from 'zod';

export const purpose = z
  .enum(['production', 'evaluation'])
  .default('production')
  .describe(
    'evaluation: to try Hexclave out. The two public URLs may be http on localhost, and a run over all environments leaves it out until `npm run quickstart` has made its secrets. Unset: production.',
  );
