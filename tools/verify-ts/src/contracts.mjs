// Which code wrote the records.

import { hex, Reader } from "./bytes.mjs";
import { demand, Fault } from "./fault.mjs";
import { ITEMS, ROLES } from "./proofs.mjs";

const HISTORY_MAX = 10_000;
const CODES_MAX = 10_000;
const INIT = 1n;
const MIGRATE = 2n;
const GENESIS = 3n;

/** @type {Record<string, string>} */
const NAMES = { registry: "participant_registry", trace_code: "trace_code", assembly_graph: "assembly_graph", event_log: "event_log" };

/** Fields of a protobuf message by number, the last one of each. @param {Uint8Array} bytes @param {string} what */
function fields(bytes, what) {
  /** @type {Map<bigint, bigint | Uint8Array | null>} */
  const found = new Map();
  const reader = new Reader(bytes);
  while (reader.left > 0) {
    const tag = reader.varint();
    demand(tag !== null, "contract_unreadable", what);
    const kind = tag & 7n;
    const value =
      kind === 0n ? reader.varint()
      : kind === 1n ? reader.take(8)
      : kind === 2n ? reader.framed()
      : kind === 5n ? reader.take(4)
      : null;
    demand(value !== null, "contract_unreadable", what);
    found.set(tag >> 3n, kind === 1n || kind === 5n ? null : value);
  }
  const number = (/** @type {bigint} */ wanted) => {
    const value = found.has(wanted) ? found.get(wanted) : 0n;
    demand(typeof value === "bigint", "contract_unreadable", what);
    return value;
  };
  const bytesOf = (/** @type {bigint} */ wanted) => {
    const value = found.has(wanted) ? found.get(wanted) : new Uint8Array();
    demand(value instanceof Uint8Array, "contract_unreadable", what);
    return value;
  };
  return { number, bytesOf };
}

/** @param {import("./types.d.ts").Certificate} certificate */
function checkAddresses(certificate) {
  const { registry, trace_code: code, assembly_graph: graph, event_log: log } = certificate.contracts;
  for (const role of ROLES) {
    demand(certificate.contracts[role].items.length === ITEMS[role].length, "address_chain", role);
  }
  const item = (/** @type {import("./types.d.ts").Contract} */ contract, /** @type {number} */ at) => {
    try {
      return JSON.parse(contract.items[at].value.toString("utf8"));
    } catch {
      throw new Fault("contract_unreadable", contract.address);
    }
  };
  const [logConfig, graphConfig] = [item(log, 0), item(graph, 0)];
  const says = [
    [logConfig.assembly_graph, graph], [logConfig.registry, registry], [item(graph, 1), log],
    [graphConfig.registry, registry], [graphConfig.trace_code, code], [item(code, 0), registry], [item(code, 1), graph],
  ];
  for (const [named, actual] of says) {
    demand(named === actual.address, "address_chain", `${named} is not ${actual.address}`);
  }
}

/**
 * @param {import("./types.d.ts").Certificate} certificate
 * @param {import("./trust.mjs").Checksums} checksums
 */
export function checkContracts(certificate, checksums) {
  checkAddresses(certificate);
  /** @type {Set<bigint>} */
  const used = new Set();
  for (const role of ROLES) {
    const contract = certificate.contracts[role];
    const codeId = fields(contract.info.value, `record of ${role}`).number(1n);
    const count = contract.history.length;
    demand(count > 0 && count <= HISTORY_MAX, "history_mismatch", role);
    let last = 0n;
    contract.history.forEach((entry, at) => {
      const read = fields(entry.value, `history of ${role}`);
      fields(read.bytesOf(3n), `history of ${role}`).number(1n);
      const operation = read.number(1n);
      demand(at === 0 ? operation === INIT || operation === GENESIS : operation === MIGRATE, "history_mismatch", role);
      last = read.number(2n);
      used.add(last);
      const code = certificate.codes.find((one) => one.id === last);
      demand(code !== undefined, "codes_mismatch", last);
      const checksum = fields(code.info.value, `code ${last}`).bytesOf(1n);
      demand(checksum.length === 32, "contract_unreadable", `code ${last}`);
      demand(checksums.knows(NAMES[role], hex(checksum)), "unknown_code", `code ${last} of ${role}, ${hex(checksum)}`);
    });
    demand(last === codeId, "history_mismatch", role);
  }
  const given = certificate.codes.map((code) => code.id);
  const wanted = [...used].sort((a, b) => (a < b ? -1 : 1));
  demand(given.length <= CODES_MAX && String(given) === String(wanted), "codes_mismatch", given);
}

/** @param {import("./types.d.ts").Certificate} certificate @param {import("./trust.mjs").Addresses | null} deployment */
export function checkDeployment(certificate, deployment) {
  for (const role of deployment === null ? [] : ROLES) {
    const { address } = certificate.contracts[role];
    demand(address === deployment?.[role], "other_deployment", `${role} is at ${address}`);
  }
}
