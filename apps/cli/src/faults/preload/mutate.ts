/** Runs in a service before its program: COUPLET_MUTATIONS says what to replace in which of its modules as they are loaded. */
import { register } from 'node:module';

register(new URL('./mutating-loader.js', import.meta.url), {
  data: JSON.parse(process.env['COUPLET_MUTATIONS']!) as unknown,
});
