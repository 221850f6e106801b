import { z } from 'zod';

export const SettledBy = z
  .enum(['till', 'statement-credit'])
  .describe(
    '`statement-credit`: the shopper pays in full and the discount is credited later: to the card that paid, or, of a scanned bar code, it is owed to the holder. Absent: it is taken off at the till.',
  );
