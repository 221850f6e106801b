/** What came back, and when. */
export class Tally {
  #startedAt = performance.now();
  #lastAt = this.#startedAt;
  #latenciesMs = [];
  #lateMs = [];
  #problems = {};
  /** What each till was told. */
  #told = [];
  #withDiscount = 0;

  late(ms) {
    this.#lateMs.push(ms);
  }

  add({ body, problem }, sentAt) {
    this.#lastAt = performance.now();
    if (problem) {
      this.#problems[problem] = (this.#problems[problem] ?? 0) + 1;
      return;
    }
    this.#latenciesMs.push(this.#lastAt - sentAt);
    if (body.discount > 0 || body.coupons?.length > 0) this.#withDiscount++;
    if (body.settlementId) {
      this.#told.push([body.settlementId, body.outcome, body.amount, body.discount, sentAt]);
    }
  }

  result(sent) {
    const elapsedS = (this.#lastAt - this.#startedAt) / 1_000;
    const ok = this.#latenciesMs.length;
    return {
      sent,
      ok,
      withDiscount: this.#withDiscount,
      problems: this.#problems,
      elapsedS,
      perS: ok / elapsedS,
      ...percentiles(this.#latenciesMs),
      lateP99Ms: percentiles(this.#lateMs).p99Ms,
      told: this.#told,
    };
  }
}

/** Nearest rank. */
function percentiles(values) {
  const ascending = Float64Array.from(values).sort();
  const at = (share) => ascending[Math.ceil(share * ascending.length) - 1];
  return { p50Ms: at(0.5), p99Ms: at(0.99), p999Ms: at(0.999), maxMs: ascending.at(-1) };
}
