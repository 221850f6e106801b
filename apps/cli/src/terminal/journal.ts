import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../journey/data-error.ts';
import { EMPTY, Entry, noted, type Book } from './book.ts';

/**
 * The terminal's memory: a file of JSON lines, each on the disk before what it announces is done. It holds no number of a
 * card, and is emptied when everything in it is finished. One terminal, one file.
 */
export class Journal {
  private constructor(
    private readonly file: FileHandle,
    private present: Book,
  ) {}

  /** @throws DataError if the file is no journal */
  static async open(name: string): Promise<Journal> {
    const file = await open(name, 'a+', 0o600);
    const text = await file.readFile('utf8');
    // What a crash cut off was not on the disk, so what it announced was not done.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const book = bookIn(whole, name);
    const finished = [book.sales, book.scans, book.messages].every(({ size }) => size === 0);
    await file.truncate(finished ? 0 : Buffer.byteLength(whole));
    await file.sync();
    await syncDirectory(path.dirname(name));
    return new Journal(file, book);
  }

  /** What is not finished. */
  get book(): Book {
    return this.present;
  }

  /** Resolves when it is on the disk. */
  async write(entry: Entry): Promise<void> {
    const next = noted(this.present, entry);
    await this.file.appendFile(`${JSON.stringify(entry)}\n`);
    await this.file.datasync();
    this.present = next;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

function bookIn(text: string, name: string): Book {
  const lines = text.split('\n').slice(0, -1);
  try {
    return lines.map((line) => Entry.parse(JSON.parse(line))).reduce(noted, EMPTY);
  } catch (error) {
    throw new DataError(`${name} is no journal of a terminal: ${(error as Error).message}`);
  }
}

/** A new file survives a power cut only with its directory. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}
