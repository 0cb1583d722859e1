// Frames of the terminal protocol: one opcode byte, then a payload. The table is that of playground/terminal/frames.py.

export const SUBPROTOCOL = "playground.terminal.1";
export const LARGEST_INPUT = 64 * 1024;
export const LARGEST_SIDE = 1000;

const INPUT = 0x00;
const RESIZE = 0x01;
const CREDIT = 0x02;
const HANG_UP = 0x03;
const CONSENT = 0x04;

/** What either side of a visit may say with `consent`. */
export const WORDS = { no: 0, yes: 1, end: 2 };

const READERS = {
  0x10: (payload) => ({ type: "output", data: payload }),
  0x11: (payload) => ({ type: "notice", notice: JSON.parse(new TextDecoder().decode(payload)) }),
  0x12: (payload) => ({ type: "exit", code: view(payload).getInt32(0) }),
};

const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function frame(opcode, length) {
  const bytes = new Uint8Array(1 + length);
  bytes[0] = opcode;
  return bytes;
}

/** The frames that carry these bytes to the terminal. */
export function* input(data) {
  for (let start = 0; start < data.length; start += LARGEST_INPUT) {
    const part = data.subarray(start, start + LARGEST_INPUT);
    const bytes = frame(INPUT, part.length);
    bytes.set(part, 1);
    yield bytes;
  }
}

export function resize(columns, rows) {
  const bytes = frame(RESIZE, 4);
  view(bytes).setUint16(1, Math.min(columns, LARGEST_SIDE));
  view(bytes).setUint16(3, Math.min(rows, LARGEST_SIDE));
  return bytes;
}

export function credit(size) {
  const bytes = frame(CREDIT, 4);
  view(bytes).setUint32(1, size);
  return bytes;
}

export const hangUp = () => frame(HANG_UP, 0);

export function consent(word) {
  const bytes = frame(CONSENT, 1);
  bytes[1] = WORDS[word];
  return bytes;
}

/** What the relay says in this ArrayBuffer: {type: "output", data}, {type: "notice", notice} or {type: "exit", code}. */
export function read(message) {
  const bytes = new Uint8Array(message);
  return READERS[bytes[0]](bytes.subarray(1));
}
