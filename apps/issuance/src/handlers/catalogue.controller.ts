import { ImportProductsV1, RegisterFundingPartiesV1 } from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { audit } from '../db/audit.ts';
import { putParties, putProducts } from '../db/catalogue.ts';

/** Products, and who may fund discounts on them. */
@Controller()
export class CatalogueController {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  @OnRequest(ImportProductsV1)
  async importProducts(
    @Payload() { importedBy, products }: z.output<typeof ImportProductsV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof ImportProductsV1.reply>> {
    await this.administration.transaction(async (manager) => {
      await putProducts(manager, products);
      const detail = {
        imported: products.length,
        first: products[0]?.productId,
        last: products.at(-1)?.productId,
      };
      await audit(manager, { actor: importedBy ?? caller, caller }, [
        { act: 'import', subject: 'products', detail },
      ]);
    });
    return { imported: products.length };
  }

  @OnRequest(RegisterFundingPartiesV1)
  async registerFundingParties(
    @Payload() { registeredBy, parties }: z.output<typeof RegisterFundingPartiesV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof RegisterFundingPartiesV1.reply>> {
    const changed = await this.administration.transaction(async (manager) => {
      const changed = await putParties(manager, parties);
      const changes = changed.map(({ party, ...detail }) => ({
        act: 'register',
        subject: `party:${party}`,
        detail,
      }));
      await audit(manager, { actor: registeredBy ?? caller, caller }, changes);
      return changed;
    });
    return { registered: changed.length };
  }
}
