export { type DrawnSymbol, drawSymbol, type DrawRequest } from './draw.ts';
export { DrawingPool, DrawingQueueFull } from './drawing-pool.ts';
export { encodeSymbol } from './encode.ts';
export { fit } from './fit.ts';
export { darkRectangles, type ModuleGrid, sizeOf, type Symbology } from './module-grid.ts';
