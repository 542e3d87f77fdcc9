// The one canonical form, read against its shape: every byte is expected, none is skipped.
//
// Nothing is parsed into something and compared afterwards: the reader knows which character comes next, so that
// white space, another order of fields, a field too many or another spelling cannot get past it.

import { Fault } from "./fault.mjs";

/** @typedef {(cursor: Cursor) => any} Shape */

/** Where the reader stands in the text. */
export class Cursor {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  /** @returns {never} */
  fail() {
    throw new Fault("not_canonical", `at character ${this.at}`);
  }

  /** @param {string} expected */
  expect(expected) {
    if (!this.text.startsWith(expected, this.at)) {
      this.fail();
    }
    this.at += expected.length;
  }

  /** @param {string} next */
  looksAt(next) {
    return this.text.startsWith(next, this.at);
  }

  /** What a sticky pattern matches here. @param {RegExp} pattern @returns {string} */
  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) {
      this.fail();
    }
    this.at += found[0].length;
    return found[0];
  }
}

/** @param {[string, Shape][]} fields @returns {Shape} */
export const object = (fields) => (cursor) => {
  /** @type {Record<string, any>} */
  const value = {};
  let before = "{";
  for (const [name, shape] of fields) {
    cursor.expect(`${before}"${name}":`);
    value[name] = shape(cursor);
    before = ",";
  }
  cursor.expect("}");
  return value;
};

/** @param {Shape} shape @returns {Shape} */
export const list = (shape) => (cursor) => {
  /** @type {any[]} */
  const values = [];
  cursor.expect("[");
  if (cursor.looksAt("]")) {
    cursor.expect("]");
    return values;
  }
  for (;;) {
    values.push(shape(cursor));
    if (cursor.looksAt("]")) {
      cursor.expect("]");
      return values;
    }
    cursor.expect(",");
  }
};

/** @param {Shape} shape @returns {Shape} */
export const maybe = (shape) => (cursor) => {
  if (cursor.looksAt("null")) {
    cursor.expect("null");
    return null;
  }
  return shape(cursor);
};

/** An integer without sign. @param {number} bits @returns {Shape} */
export const unsigned = (bits) => (cursor) => {
  const value = BigInt(cursor.match(/(?:0|[1-9][0-9]{0,19})(?![0-9.eE])/y));
  if (value >= 1n << BigInt(bits)) {
    cursor.fail();
  }
  return value;
};

/** A signed integer of 64 bits. @type {Shape} */
export const signed = (cursor) => {
  const value = BigInt(cursor.match(/(?:0|-?[1-9][0-9]{0,18})(?![0-9.eE])/y));
  if (BigInt.asIntN(64, value) !== value) {
    cursor.fail();
  }
  return value;
};

/** @type {Shape} */
export const bool = (cursor) => cursor.match(/true|false/y) === "true";

/** @type {Shape} */
export const text = (cursor) => {
  const start = cursor.at;
  const quoted = cursor.match(/"(?:[^"\\\u0000-\u001f]|\\.)*"/y);
  let value;
  try {
    value = JSON.parse(quoted);
  } catch {
    cursor.at = start;
    return cursor.fail();
  }
  if (JSON.stringify(value) !== quoted) {
    cursor.at = start;
    cursor.fail();
  }
  return value;
};

/** Lower-case hex. @type {Shape} */
export const hexBytes = (cursor) =>
  Buffer.from(cursor.match(/"(?:[0-9a-f]{2})*"/y).slice(1, -1), "hex");

/** Padded base64. @type {Shape} */
export const base64Bytes = (cursor) => {
  const spelled = cursor.match(/"[A-Za-z0-9+/]*={0,2}"/y).slice(1, -1);
  const bytes = Buffer.from(spelled, "base64");
  if (bytes.toString("base64") !== spelled) {
    cursor.fail();
  }
  return bytes;
};

/** One of these words. @param {string[]} words @returns {Shape} */
export const word = (words) => (cursor) => {
  const found = words.find((one) => cursor.looksAt(`"${one}"`));
  if (found === undefined) {
    return cursor.fail();
  }
  cursor.expect(`"${found}"`);
  return found;
};

/** A quantity, as its canonical text; its value in millionths beside it. @type {Shape} */
export const amount = (cursor) => {
  const spelled = cursor.match(/"(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{0,5}[1-9])?"/y).slice(1, -1);
  const [whole, fraction = ""] = spelled.split(".");
  const micro = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  if (micro > 10n ** 24n) {
    cursor.fail();
  }
  return micro;
};

/** `sha-256:` and 64 digits. @type {Shape} */
export const digest = (cursor) =>
  Buffer.from(cursor.match(/"sha-256:[0-9a-f]{64}"/y).slice(9, -1), "hex");
