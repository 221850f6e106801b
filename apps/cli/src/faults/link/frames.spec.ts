import { FrameReader } from './frames.ts';

const WIRE = [
  'INFO {"server_id":"A","headers":true}\r\n',
  'CONNECT {"verbose":false}\r\n',
  'PUB a.b 5\r\nhello\r\n',
  'PUB a.b _INBOX.1 0\r\n\r\n',
  'HPUB a.c _INBOX.1 12 17\r\nNATS/1.0\r\n\r\nhello\r\n',
  'MSG a.b 1 12\r\nPUB x 1\r\n1\r\n\r\n',
  'HMSG a.c 9 12 12\r\nNATS/1.0\r\n\r\n\r\n',
  '+OK\r\n',
  'PING\r\n',
];
const SUBJECTS = [undefined, undefined, 'a.b', 'a.b', 'a.c', 'a.b', 'a.c', undefined, undefined];

describe.each([1, 2, 7, 1_000])('a stream that arrives %i bytes at a time', (size) => {
  it('is cut into the operations it was made of, whatever their payload looks like', () => {
    const wire = Buffer.from(WIRE.join(''));
    const reader = new FrameReader();
    const frames = Array.from({ length: Math.ceil(wire.length / size) }, (_, index) =>
      reader.read(wire.subarray(index * size, (index + 1) * size)),
    ).flat();

    expect(frames.map(({ bytes }) => bytes.toString())).toEqual(WIRE);
    expect(frames.map(({ subject }) => subject)).toEqual(SUBJECTS);
  });
});
