/** Runs in a service before its program: its clock is wrong by COUPLET_CLOCK_SHIFT_MS. Timers and the database keep the right time. */
const shiftMs = Number(process.env['COUPLET_CLOCK_SHIFT_MS']);
const rightNow = Date.now;
const wrongNow = () => rightNow() + shiftMs;

Date.now = wrongNow;
globalThis.Date = new Proxy(Date, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [wrongNow()] : values, newTarget) as Date,
});
