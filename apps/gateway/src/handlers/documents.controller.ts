import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HTTP_ROUTES, openApi } from '@couplet/contracts';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ISSUER } from './tokens.ts';

const require = createRequire(import.meta.url);
const BUNDLE = readFileSync(require.resolve('swagger-ui-dist/swagger-ui-bundle.js'), 'utf8');
const STYLE = readFileSync(require.resolve('swagger-ui-dist/swagger-ui.css'), 'utf8');

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Couplet: HTTP API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
/** Without a validator: it would be asked over the network. */
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });\n`;
const FOR_A_DAY = 'public, max-age=86400';

/** The API as a document, and as a page whose every part comes from here. */
@Controller()
export class DocumentsController {
  private readonly document: object;

  constructor(@Inject(ISSUER) url: string) {
    this.document = openApi(HTTP_ROUTES, url);
  }

  @Get('openapi.json')
  @Header('Cache-Control', FOR_A_DAY)
  openApi(): object {
    return this.document;
  }

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return PAGE;
  }

  @Get('docs/start.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  start(): string {
    return START;
  }

  @Get('docs/swagger-ui-bundle.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Header('Cache-Control', FOR_A_DAY)
  bundle(): string {
    return BUNDLE;
  }

  @Get('docs/swagger-ui.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', FOR_A_DAY)
  style(): string {
    return STYLE;
  }
}
