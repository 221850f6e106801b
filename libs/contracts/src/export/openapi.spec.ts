import { Validator } from '@seriousme/openapi-schema-validator';
import { HTTP_ROUTES } from '../http/http-routes.ts';
import { openApi } from './openapi.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: object;
}
const document = openApi(HTTP_ROUTES) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, unknown>; required?: string[] }> };
};

describe('the OpenAPI document', () => {
  it('fits the OpenAPI 3.1 specification', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('is refused by that check when an operation has no responses of the right shape', async () => {
    const broken = structuredClone(document) as unknown as { paths: Record<string, Record<string, object>> };
    broken.paths['/v1/settlements']!['post'] = { responses: 'none' };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it('names every operation once', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('asks for no field that the gateway knows or makes', () => {
    const { SettleRequest, UploadScansRequest, AcquireCouponsRequest } = document.components.schemas;
    for (const field of ['storeId', 'attemptId']) expect(SettleRequest!.properties).not.toHaveProperty(field);
    expect(SettleRequest!.required).not.toContain('storeId');
    expect(JSON.stringify(UploadScansRequest)).not.toContain('storeId');
    expect(AcquireCouponsRequest!.properties).not.toHaveProperty('holderId');
  });

  it('tells of the key, the cursor and the path where an operation takes them', () => {
    const names = (path: string, method: string) =>
      document.paths[path]![method]!.parameters!.map(({ name, in: where }) => `${where} ${name}`);
    expect(names('/v1/settlements', 'post')).toEqual(['header Idempotency-Key']);
    expect(names('/v1/settlements/{key}/refunds', 'post')).toEqual(['path key', 'header Idempotency-Key']);
    expect(names('/v1/offers', 'get')).toEqual([
      'query campaignId',
      'query state',
      'query limit',
      'query cursor',
    ]);
  });
});
