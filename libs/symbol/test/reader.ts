import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

// The package would fetch its WebAssembly from the net.
const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });

/** What a decoder that is not the encoder reads in a PNG; undefined when it reads nothing. */
export async function readSymbol(png: Uint8Array): Promise<string | undefined> {
  const [read] = await readBarcodes(new Uint8Array(png));
  return read?.text.replaceAll(/[()]/g, '');
}
