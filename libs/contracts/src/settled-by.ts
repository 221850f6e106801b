import { z } from 'zod';

export const SettledBy = z
  .enum(['till', 'statement-credit'])
  .describe(
    '`statement-credit`: the shopper pays in full and the discount is credited later; such a coupon is used by a scan, not by a card sale. Absent: it is taken off at the till.',
  );
