export { drawSymbol as default } from './draw.ts';
