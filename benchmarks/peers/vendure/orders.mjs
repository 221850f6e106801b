import { OrderService, TransactionalConnection } from '@vendure/core';
import { refuseErrors } from './fill.mjs';

/**
 * One order after the other, so many at once: create, add an item, apply a coupon code, pay with the dummy handler until
 * it is settled.
 *
 * @returns orders a second, ms of an order (p50, p99), processor time of this process for each
 */
export async function orders(vendure, { concurrency, seconds }) {
  const latenciesMs = [];
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;
  let next = 0;
  const one = async () => {
    while (performance.now() < end) {
      const at = performance.now();
      await order(vendure, next++);
      latenciesMs.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  const elapsedS = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  latenciesMs.sort((a, b) => a - b);
  const at = (share) => latenciesMs[Math.ceil(share * latenciesMs.length) - 1];
  return {
    concurrency,
    perS: latenciesMs.length / elapsedS,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    nodeCpuMsEach: (user + system) / 1_000 / latenciesMs.length,
  };
}

/** Each step in a transaction of its own, as Vendure's shop API runs it. */
async function order({ app, contexts, filled }, n) {
  const service = app.get(OrderService);
  const { variantIds, couponCodes, price, discount } = filled;
  const shopper = await contexts.create({ apiType: 'shop' });
  const step = async (work) =>
    refuseErrors(await app.get(TransactionalConnection).withTransaction(shopper, work));
  const { id } = await step((context) => service.create(context));
  await step((context) => service.addItemToOrder(context, id, variantIds[n % variantIds.length], 1));
  await step((context) => service.applyCouponCode(context, id, couponCodes[n % couponCodes.length]));
  await step((context) => service.transitionToState(context, id, 'ArrangingPayment'));
  const payment = { method: 'dummy', metadata: {} };
  const paid = await step((context) => service.addPaymentToOrder(context, id, payment));
  if (paid.state !== 'PaymentSettled' || paid.totalWithTax !== price - discount) {
    throw new Error(`Vendure: order ${id} ended ${paid.state} at ${paid.totalWithTax}`);
  }
}
