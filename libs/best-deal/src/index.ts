export { DealThreads } from './deal-threads.ts';
export { integerSolver } from './solver.ts';
