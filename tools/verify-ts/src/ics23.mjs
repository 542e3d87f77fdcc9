// ICS-23, the two specifications that a Cosmos chain needs: IAVL within a store, Tendermint over the stores.

import { Reader, same, sha256, varint } from "./bytes.mjs";

/** @typedef {{prefix: Uint8Array, suffix: Uint8Array}} Inner */
/** @typedef {{key: Uint8Array, value: Uint8Array, leaf: Uint8Array, path: Inner[]}} Existence */
/** @typedef {{child: number, min: number, max: number, iavl: boolean}} Spec */

/** @type {Spec} */
export const IAVL = { child: 33, min: 4, max: 12, iavl: true };
/** @type {Spec} */
export const TENDERMINT = { child: 32, min: 1, max: 1, iavl: false };

/** Height, size and version of an IAVL prefix; the bytes after them, or -1. @param {Uint8Array} prefix @param {bigint} height */
function afterIavlPrefix(prefix, height) {
  const reader = new Reader(prefix);
  for (const least of [height, 0n, 0n]) {
    const raw = reader.varint();
    if (raw === null) {
      return -1;
    }
    const value = (raw & 1n) === 0n ? raw >> 1n : ~(raw >> 1n);
    if (value < least) {
      return -1;
    }
  }
  return reader.left;
}

/** @param {Spec} spec @param {Inner} step @param {number} layer */
function innerFits(spec, step, layer) {
  if (spec.iavl && ![1, 34].includes(afterIavlPrefix(step.prefix, BigInt(layer)))) {
    return false;
  }
  return (
    step.prefix.length >= spec.min &&
    step.prefix.length <= spec.max + spec.child &&
    step.prefix[0] !== 0 &&
    step.suffix.length % spec.child === 0
  );
}

/** The root that a proof leads to, or null where the proof is not of this specification. @param {Spec} spec @param {Existence} proof */
export function rootOf(spec, proof) {
  const { key, value, leaf, path } = proof;
  if (key.length === 0 || value.length === 0 || leaf[0] !== 0) {
    return null;
  }
  if (spec.iavl && afterIavlPrefix(leaf, 0n) !== 0) {
    return null;
  }
  if (!path.every((step, place) => innerFits(spec, step, place + 1))) {
    return null;
  }
  let hash = sha256(leaf, varint(BigInt(key.length)), key, [32], sha256(value));
  for (const step of path) {
    hash = sha256(step.prefix, hash, step.suffix);
  }
  return hash;
}

/** @param {Spec} spec @param {Uint8Array} root @param {Existence} proof */
export function exists(spec, root, proof) {
  const found = rootOf(spec, proof);
  return found !== null && same(found, root);
}

/** Which child a step came from: 0 left, 1 right, -1 neither. @param {Spec} spec @param {Inner} step */
function side(spec, step) {
  const within = (/** @type {number} */ least, /** @type {number} */ most) =>
    step.prefix.length >= least && step.prefix.length <= most;
  if (within(spec.min, spec.max) && step.suffix.length === spec.child) {
    return 0;
  }
  if (within(spec.min + spec.child, spec.max + spec.child) && step.suffix.length === 0) {
    return 1;
  }
  return -1;
}

/**
 * True where `left` and `right` are in the tree and nothing is between them.
 * @param {Spec} spec @param {Uint8Array} root @param {Existence} left @param {Existence} right
 */
export function areNeighbours(spec, root, left, right) {
  if (!exists(spec, root, left) || !exists(spec, root, right)) {
    return false;
  }
  const a = [...left.path];
  const b = [...right.path];
  const equal = (/** @type {Inner} */ x, /** @type {Inner} */ y) => same(x.prefix, y.prefix) && same(x.suffix, y.suffix);
  for (;;) {
    const x = a.pop();
    const y = b.pop();
    if (x === undefined || y === undefined) {
      return false;
    }
    if (equal(x, y)) {
      continue;
    }
    // From here on the left path keeps to the right edge of its subtree, and the right path to the left edge.
    return (
      side(spec, x) === 0 &&
      side(spec, y) === 1 &&
      a.every((step) => side(spec, step) === 1) &&
      b.every((step) => side(spec, step) === 0)
    );
  }
}
