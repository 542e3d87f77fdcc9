// Records to app hash: every record, the key that it must be under, and its proof.

import { bigEndian, concat } from "./bytes.mjs";
import { decode } from "./bech32.mjs";
import { demand } from "./fault.mjs";
import { areNeighbours, exists, IAVL, TENDERMINT } from "./ics23.mjs";

export const ROLES = /** @type {const} */ (["registry", "trace_code", "assembly_graph", "event_log"]);
const PATH_MAX = 64;
const STORE_PATH_MAX = 16;

/** Keys of the records in which a contract names the others. @type {Record<string, string[]>} */
export const ITEMS = { registry: [], trace_code: ["r", "g"], assembly_graph: ["config", "event_log"], event_log: ["config"] };

/** @typedef {Record<string, Buffer>} Homes */

/** @param {import("./types.d.ts").Contracts} contracts @returns {Homes} */
export function homesOf(contracts) {
  /** @type {Homes} */
  const homes = {};
  const prefixes = new Set();
  for (const role of ROLES) {
    const parsed = decode(contracts[role].address);
    demand(parsed !== null && parsed.bytes.length === 32, "bad_address", contracts[role].address);
    homes[role] = parsed.bytes;
    prefixes.add(parsed.prefix);
  }
  const distinct = new Set(Object.values(homes).map((home) => home.toString("hex")));
  demand(distinct.size === 4 && prefixes.size === 1, "address_chain", "an address stands twice");
  return homes;
}

const number = (/** @type {bigint} */ value) => bigEndian(value, 8);
export const stateKey = (/** @type {Buffer} */ home, /** @type {Uint8Array | string} */ key) => concat([3], home, key);

/** All records in the order in which their proofs are packed. @param {import("./types.d.ts").Certificate} certificate @param {Homes} homes */
function claims(certificate, homes) {
  /** @type {{what: string, key: Buffer, value: Buffer, leaf: Buffer, path: number | null}[]} */
  const all = [];
  const add = (/** @type {string} */ what, /** @type {Buffer} */ key, /** @type {import("./types.d.ts").Entry} */ entry) =>
    all.push({ what, key, value: entry.value, leaf: entry.leaf, path: entry.path });
  for (const role of ROLES) {
    const contract = certificate.contracts[role];
    const home = homes[role];
    add(`record of ${role}`, concat([2], home), contract.info);
    contract.history.forEach((entry, at) =>
      add(`history ${at + 1} of ${role}`, concat([5], home, number(BigInt(at + 1))), entry));
    add(`after the history of ${role}`, contract.after_history.key, contract.after_history.entry);
    contract.items.slice(0, ITEMS[role].length).forEach((entry, at) =>
      add(`item of ${role}`, stateKey(home, ITEMS[role][at]), entry));
  }
  for (const code of certificate.codes) {
    add(`code ${code.id}`, concat([1], number(code.id)), code.info);
  }
  for (const unit of certificate.units) {
    [unit.core, unit.state, unit.accumulators].forEach((entry, at) =>
      add(`unit ${unit.number}`, stateKey(homes.assembly_graph, concat([2 + at], number(unit.number))), entry));
  }
  for (const event of certificate.events) {
    const key = stateKey(homes.event_log, concat([0, 1], "e", number(event.number)));
    add(`event ${event.number}`, key, { ...event, value: Buffer.from(event.record, "utf8") });
  }
  return all;
}

/** The nodes from a leaf up. @param {import("./types.d.ts").Node[]} nodes @param {number | null} from @returns {import("./types.d.ts").Node[]} */
function unpack(nodes, from) {
  const path = [];
  let below = Infinity;
  for (let at = from; at !== null; at = nodes[at].above) {
    demand(at < below && at < nodes.length && path.length < PATH_MAX, "proof_malformed", at);
    path.push(nodes[at]);
    below = at;
  }
  return path;
}

/** Checks that nodes come in the order in which the records first use them, each once. */
class Order {
  /** @param {import("./types.d.ts").Node[]} nodes */
  constructor(nodes) {
    this.nodes = nodes;
    this.used = 0;
    /** @type {Set<string>} */
    this.seen = new Set();
  }

  /** @param {number | null} from @param {string} what */
  visit(from, what) {
    const fresh = [];
    for (let at = from; at !== null && at >= this.used; at = this.nodes[at].above) {
      fresh.push(at);
    }
    for (const at of fresh.reverse()) {
      demand(at === this.used, "proof_order", what);
      const node = this.nodes[at];
      const name = `${node.prefix.toString("hex")}/${node.suffix.toString("hex")}/${node.above}`;
      demand(!this.seen.has(name), "proof_order", what);
      this.seen.add(name);
      this.used += 1;
    }
  }
}

/**
 * Every record is under the root, and the nodes are exactly theirs, in order.
 * @param {import("./types.d.ts").Node[]} nodes
 * @param {Buffer} root
 * @param {{what: string, key: Buffer, value: Buffer, leaf: Buffer, path: number | null}[]} all
 */
export function checkClaims(nodes, root, all) {
  const order = new Order(nodes);
  for (const claim of all) {
    const path = unpack(nodes, claim.path);
    demand(exists(IAVL, root, { ...claim, path }), "proof_broken", claim.what);
    order.visit(claim.path, claim.what);
  }
  demand(order.used === nodes.length, "proof_order", "a node that no record uses");
}

/** @param {import("./types.d.ts").Certificate} certificate @param {Homes} homes */
export function checkProofs(certificate, homes) {
  const { nodes, store_root: root, store_path: storePath } = certificate.proof;
  demand(storePath.length <= STORE_PATH_MAX, "too_large");
  const store = { key: Buffer.from("wasm"), value: root, leaf: Buffer.from([0]), path: storePath };
  demand(exists(TENDERMINT, certificate.header.app_hash, store), "store_proof_broken");
  checkClaims(nodes, root, claims(certificate, homes));
  for (const role of ROLES) {
    checkHistoryEnd(certificate, role, homes[role]);
  }
}

/** Nothing stands between the last entry of the history and the record after it, and the next entry would. */
function checkHistoryEnd(/** @type {import("./types.d.ts").Certificate} */ certificate, /** @type {string} */ role, /** @type {Buffer} */ home) {
  const { nodes, store_root: root } = certificate.proof;
  const { history, after_history: after } = certificate.contracts[role];
  const last = history.at(-1);
  demand(last !== undefined, "history_incomplete", role);
  const key = (/** @type {number} */ position) => concat([5], home, number(BigInt(position)));
  const next = key(history.length + 1);
  const left = { ...last, key: key(history.length), path: unpack(nodes, last.path) };
  const right = { ...after.entry, key: after.key, path: unpack(nodes, after.entry.path) };
  const between = Buffer.compare(left.key, next) < 0 && Buffer.compare(next, right.key) < 0;
  demand(between && areNeighbours(IAVL, root, left, right), "history_incomplete", role);
}
