import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { DataError } from '../journey/data-error.ts';
import { readBasket, type BasketLines } from '../terminal/basket.ts';
import { readCards, type Cards } from '../terminal/cards.ts';
import type { CardOptions } from './terminal-options.ts';

/** Reads what the shopper presents and buys: from options, files and descriptors, standard input, or a person. */
export class TerminalInput {
  readonly interactive = process.stdin.isTTY === true;
  private typed: Promise<string> | undefined;

  constructor(private readonly options: CardOptions) {}

  /** What a scanner sends of a bar code, or somebody types. @throws DataError if there is nothing */
  async code(): Promise<string> {
    const given = this.interactive
      ? await linesFrom('Bar code, or the digits below it: ', { linesMax: 1 })
      : (await this.standardInput()).split(/\n\s*\n/)[0]!;
    const code = given.replaceAll(/[\r\n]/g, '');
    if (code === '') throw new DataError('There is no code to scan.');
    return code;
  }

  /** @throws DataError if they cannot be read */
  async cards(): Promise<Cards> {
    const { cardFd, cardReference, cardKind, cardToken } = this.options;
    if (cardReference !== undefined) {
      const reference = { kind: cardKind, reference: cardReference };
      return { tenders: [{ ...reference, ...(cardToken && { token: cardToken }) }], media: [] };
    }
    if (cardFd !== undefined && cardFd > 0)
      return readCards(await text(createReadStream('', { fd: cardFd })));
    if (this.interactive)
      return readCards(await linesFrom('Card (not shown), or nothing: ', { hidden: true }));
    return readCards((await this.standardInput()).split(/\n\s*\n/)[0]!);
  }

  /** @throws DataError if it cannot be read, or nothing is in it */
  async basket(file: string | undefined, currency: string): Promise<BasketLines> {
    const lines = readBasket(await this.basketText(file), currency);
    if (lines.length === 0) throw new DataError('The basket is empty.');
    return lines;
  }

  private async basketText(file: string | undefined): Promise<string> {
    if (file !== undefined) return readFile(file, 'utf8');
    if (this.interactive) return linesFrom('productId quantity amount, or nothing: ');
    const given = await this.standardInput();
    const cardsElsewhere = this.options.cardReference !== undefined || this.options.cardFd;
    return cardsElsewhere ? given : given.replace(/^[\s\S]*?\n\s*\n/, '');
  }

  private standardInput(): Promise<string> {
    return (this.typed ??= text(process.stdin));
  }
}

/** Asks a person yes or no; everything but yes is no. */
export async function confirmedByPerson(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  return /^y(es)?$/i.test(await prompt.question(`${question} [y/N] `).finally(() => prompt.close()));
}

/** Lines until an empty one. Hidden ones are not echoed. */
async function linesFrom(question: string, { hidden = false, linesMax = Infinity } = {}): Promise<string> {
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({
    input: process.stdin,
    output: hidden ? muted : process.stderr,
    terminal: true,
    historySize: 0,
  });
  const lines: string[] = [];
  try {
    for (;;) {
      if (hidden) process.stderr.write(question);
      const line = await prompt.question(hidden ? '' : question);
      if (hidden) process.stderr.write('\n');
      if (line.trim() !== '') lines.push(line);
      if (line.trim() === '' || lines.length === linesMax) return lines.join('\n');
    }
  } finally {
    prompt.close();
  }
}
