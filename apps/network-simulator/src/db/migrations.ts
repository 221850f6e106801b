import { CreateNetwork1767225600100 } from './migrations/1767225600100-create-network.ts';
import { PlayEveryRail1767225600110 } from './migrations/1767225600110-play-every-rail.ts';

/** In order; run by `migrate.ts`, never when the service starts. */
export const MIGRATIONS = [CreateNetwork1767225600100, PlayEveryRail1767225600110];
