// Bytes, hashes, and the encodings that everything else is made of.

import { createHash } from "node:crypto";

/** @typedef {Uint8Array} Bytes */

/** @param {...(Bytes | string | number[])} parts @returns {Buffer} */
export function concat(...parts) {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "utf8") : Uint8Array.from(part))));
}

/** @param {...(Bytes | string | number[])} parts @returns {Buffer} */
export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(typeof part === "string" ? Buffer.from(part, "utf8") : Uint8Array.from(part));
  }
  return hash.digest();
}

/** @param {Bytes} a @param {Bytes} b */
export function same(a, b) {
  return Buffer.compare(a, b) === 0;
}

/** @param {Bytes} bytes */
export function hex(bytes) {
  return Buffer.from(bytes).toString("hex");
}

/** Big-endian, `length` bytes. @param {bigint} value @param {number} length @returns {Buffer} */
export function bigEndian(value, length) {
  const out = Buffer.alloc(length);
  let rest = BigInt.asUintN(8 * length, value);
  for (let at = length - 1; at >= 0; at -= 1) {
    out[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

/** Four bytes of length, then the value. @param {Bytes | string} value @returns {Buffer} */
export function frame(value) {
  const bytes = concat(value);
  return concat(bigEndian(BigInt(bytes.length), 4), bytes);
}

/** LEB128. @param {bigint} value @returns {Buffer} */
export function varint(value) {
  const out = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Buffer.from(out);
}

/** Reads LEB128 of at most `bits` bits; `null` where there is none. */
export class Reader {
  /** @param {Bytes} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get left() {
    return this.bytes.length - this.at;
  }

  /** @param {number} length @returns {Bytes | null} */
  take(length) {
    if (length > this.left) {
      return null;
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** @returns {number | null} */
  byte() {
    return this.take(1)?.[0] ?? null;
  }

  /** @param {number} [bits] @returns {bigint | null} */
  varint(bits = 64) {
    let value = 0n;
    for (let shift = 0; shift < bits; shift += 7) {
      const byte = this.byte();
      if (byte === null) {
        return null;
      }
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if ((byte & 0x80) === 0) {
        return value < 1n << BigInt(bits) ? value : null;
      }
    }
    return null;
  }

  /** A length, then so many bytes. @returns {Bytes | null} */
  framed() {
    const length = this.varint();
    return length === null || length > BigInt(this.left) ? null : this.take(Number(length));
  }
}

/** One protobuf field of bytes, left out where empty. @param {number} number @param {Bytes | string} value */
export function bytesField(number, value) {
  const bytes = concat(value);
  return bytes.length === 0 ? Buffer.alloc(0) : messageField(number, bytes);
}

/** One protobuf field of bytes, written also where empty. @param {number} number @param {Bytes} bytes */
export function messageField(number, bytes) {
  return concat([(number << 3) | 2], varint(BigInt(bytes.length)), bytes);
}

/** One protobuf number, left out where zero. @param {number} number @param {bigint} value */
export function numberField(number, value) {
  return value === 0n ? Buffer.alloc(0) : concat([number << 3], varint(value));
}

/** One protobuf sfixed64, left out where zero. @param {number} number @param {bigint} value */
export function fixedField(number, value) {
  return value === 0n ? Buffer.alloc(0) : concat([(number << 3) | 1], bigEndian(value, 8).reverse());
}
