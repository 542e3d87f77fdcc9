// Nothing missing, nothing twice.

import { bigEndian, concat, frame, Reader, same, sha256 } from "./bytes.mjs";
import { demand } from "./fault.mjs";

const UNITS_MAX = 1_000_000;
const LINKS_MAX = 4_000_000;
/** @type {Record<string, number>} */
const KINDS = { consume: 1, install: 2, pack: 3, split: 4, merge: 5, relabel: 6 };
/** @type {Record<string, number>} */
const CERTAINTIES = { certain: 1, potential: 2, disputed: 3 };
/** @type {Record<string, number>} */
const STEPS = { opened: 1, closed: 2, voided: 4, witnessed: 5 };

/** The leaf of an accumulator. @param {Uint8Array} bytes */
export const leaf = (bytes) => sha256([0x0d], bytes);

/** A counted hash chain. */
export class Chain {
  constructor() {
    this.count = 0n;
    /** @type {Uint8Array} */
    this.head = Buffer.alloc(32);
  }

  /** @param {Uint8Array} one */
  append(one) {
    this.head = sha256([0x0a], this.head, one);
    this.count += 1n;
  }

  /** @param {Chain} other */
  equals(other) {
    return this.count === other.count && same(this.head, other.head);
  }
}

/** A counted Merkle mountain range. */
export class Range {
  constructor() {
    this.count = 0n;
    /** @type {Uint8Array[]} */
    this.peaks = [];
  }

  /** @param {Uint8Array} one */
  append(one) {
    let node = one;
    for (let rest = this.count; (rest & 1n) === 1n; rest >>= 1n) {
      const left = /** @type {Uint8Array} */ (this.peaks.pop());
      node = sha256([0x0b], left, node);
    }
    this.peaks.push(node);
    this.count += 1n;
  }

  /** @param {Range} other */
  equals(other) {
    return (
      this.count === other.count &&
      this.peaks.length === other.peaks.length &&
      this.peaks.every((peak, at) => same(peak, other.peaks[at]))
    );
  }
}

/** A unit's accumulators, from its record. @param {Uint8Array} bytes @param {bigint} number */
function readAccumulators(bytes, number) {
  const reader = new Reader(bytes);
  const need = (/** @type {any} */ value) => {
    demand(value !== null, "unit_unreadable", number);
    return value;
  };
  demand(reader.byte() === 1, "unit_unreadable", number);
  const incoming = new Chain();
  incoming.count = need(reader.varint());
  incoming.head = Buffer.from(need(reader.take(32)));
  const range = () => {
    const read = new Range();
    read.count = need(reader.varint());
    for (let rest = read.count; rest > 0n; rest >>= 1n) {
      if ((rest & 1n) === 1n) {
        read.peaks.push(need(reader.take(32)));
      }
    }
    return read;
  };
  const all = { incoming, outgoing: range(), events: range() };
  demand(reader.left === 0, "unit_unreadable", number);
  return all;
}

/** What counts of a unit's records. @param {import("./types.d.ts").Certificate} certificate */
export function readUnits(certificate) {
  demand(certificate.units.length <= UNITS_MAX, "too_large");
  const codes = new Set();
  let last = -1n;
  return certificate.units.map((unit) => {
    demand(unit.number > last, "unit_order", unit.number);
    last = unit.number;
    const bytes = new Reader(unit.core.value).framed();
    const revision = new Reader(unit.state.value).varint();
    demand(bytes !== null && revision !== null, "unit_unreadable", unit.number);
    const code = Buffer.from(bytes).toString("utf8");
    const accumulators = readAccumulators(unit.accumulators.value, unit.number);
    demand(!codes.has(code), "unit_repeated", code);
    codes.add(code);
    return { code, revision, accumulators };
  });
}

/** Which step of a link comes next; null after the last. @param {import("./types.d.ts").Link} link @param {number} done */
function nextStep(link, done) {
  if (done === 0) {
    return "opened";
  }
  if (done <= link.witnesses.length) {
    return "witnessed";
  }
  if (done === link.witnesses.length + 1 && link.closed_by !== null) {
    return link.voided ? "voided" : "closed";
  }
  return null;
}

/** The bytes that a step of a link leaves behind. @param {import("./types.d.ts").Link} link @param {string} step @param {number} done */
function stepBytes(link, step, done) {
  const by = step === "opened" ? null : step === "witnessed" ? link.witnesses[done - 1] : link.closed_by;
  return concat(
    [STEPS[step]],
    bigEndian(link.id, 8),
    [KINDS[link.kind]],
    frame(link.parent),
    bigEndian(link.parent_revision, 4),
    frame(link.child),
    bigEndian(link.child_revision, 4),
    link.quantity === null ? [0] : concat([1], bigEndian(link.quantity, 16)),
    [CERTAINTIES[link.certainty]],
    link.group === null ? [0, 0] : [1, Number(link.group)],
    frame(link.opened_by),
    by === null ? [] : frame(by),
  );
}

/** @param {import("./types.d.ts").Certificate} certificate @param {any[]} known */
export function checkGraph(certificate, known) {
  const backward = certificate.direction === "backward";
  demand(certificate.links.length <= LINKS_MAX, "too_large");
  /** @type {Map<bigint, {link: import("./types.d.ts").Link, done: number}>} */
  const links = new Map();
  let last = -1n;
  for (const link of certificate.links) {
    demand(link.id > last, "link_order", link.id);
    demand(!link.voided || link.closed_by !== null, "link_steps", link.id);
    last = link.id;
    links.set(link.id, { link, done: 0 });
  }
  /** @type {Map<string, number>} */
  const places = new Map(known.map((unit, at) => [unit.code, at]));
  const start = places.get(certificate.start);
  demand(start !== undefined, "start_missing", certificate.start);
  /** @type {number[][]} */
  const onward = known.map(() => []);
  certificate.units.forEach((unit, at) => {
    checkUnit(unit, known[at], links, backward);
    for (const step of unit.steps.filter((one) => one.op === "opened")) {
      const link = /** @type {{link: import("./types.d.ts").Link}} */ (links.get(step.link)).link;
      const far = places.get(backward ? link.child : link.parent);
      demand(far !== undefined, "unit_missing", backward ? link.child : link.parent);
      const [parent, child] = backward ? [known[at], known[far]] : [known[far], known[at]];
      const held = link.parent_revision <= parent.revision && link.child_revision <= child.revision;
      demand(held, "link_revision", link.id);
      onward[at].push(far);
    }
  });
  for (const { link, done } of links.values()) {
    demand(nextStep(link, done) === null, "link_foreign", link.id);
  }
  const reached = new Set([start]);
  for (const at of reached) {
    onward[at].forEach((next) => reached.add(next));
  }
  known.forEach((unit, at) => demand(reached.has(at), "unit_foreign", unit.code));
}

/** @param {import("./types.d.ts").Unit} unit @param {any} one @param {Map<bigint, {link: import("./types.d.ts").Link, done: number}>} links @param {boolean} backward */
function checkUnit(unit, one, links, backward) {
  const replayed = backward ? new Chain() : new Range();
  for (const step of unit.steps) {
    const progress = links.get(step.link);
    demand(progress !== undefined, "link_missing", step.link);
    const { link, done } = progress;
    demand((backward ? link.parent : link.child) === one.code, "link_foreign", step.link);
    demand(nextStep(link, done) === step.op, "link_steps", step.link);
    replayed.append(leaf(stepBytes(link, step.op, done)));
    progress.done += 1;
  }
  const wanted = backward ? one.accumulators.incoming : one.accumulators.outgoing;
  demand(replayed.count === wanted.count, "links_count", one.code);
  demand(replayed.equals(wanted), "links_accumulator", one.code);
}
