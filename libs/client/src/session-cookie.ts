import type { Middleware } from 'openapi-fetch';

const NAME = '__Host-couplet';

/** Keeps the one cookie of the API from the answers that set it, until one takes it back. */
export function sessionCookie(): Middleware {
  let value = '';
  return {
    onRequest({ request }) {
      if (value) request.headers.set('Cookie', `${NAME}=${value}`);
      return request;
    },
    onResponse({ response }) {
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';', 1);
        if (pair.startsWith(`${NAME}=`)) value = pair.slice(NAME.length + 1);
      }
    },
  };
}
