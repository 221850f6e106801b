/** One operation of the NATS client protocol, as it was on the wire. */
export interface Frame {
  bytes: Buffer;
  /** Of PUB, HPUB, MSG and HMSG; what else keeps a connection alive has none. */
  subject?: string;
}

const END_OF_LINE = '\r\n';
const MESSAGE = /^H?(?:PUB|MSG) +(\S+).*?(\d+)$/i;

/**
 * Cuts a stream of bytes, in either direction, into operations: a line, and after the line of a message as many bytes as
 * its last number says.
 *
 * @see https://docs.nats.io/reference/reference-protocols/nats-protocol
 */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  /** @returns the operations that are whole with these bytes; the beginning of the next waits for its end */
  read(bytes: Buffer): Frame[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const frames: Frame[] = [];
    let from = 0;
    for (;;) {
      const frame = frameAt(this.rest, from);
      if (!frame) break;
      frames.push(frame);
      from += frame.bytes.length;
    }
    this.rest = this.rest.subarray(from);
    return frames;
  }
}

function frameAt(buffer: Buffer, from: number): Frame | undefined {
  const lineEnd = buffer.indexOf(END_OF_LINE, from);
  if (lineEnd < 0) return undefined;
  const message = MESSAGE.exec(buffer.toString('latin1', from, lineEnd));
  const afterLine = lineEnd + END_OF_LINE.length;
  if (!message) return { bytes: buffer.subarray(from, afterLine) };
  const end = afterLine + Number(message[2]) + END_OF_LINE.length;
  return end > buffer.length ? undefined : { bytes: buffer.subarray(from, end), subject: message[1]! };
}
