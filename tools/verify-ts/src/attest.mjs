// What authentication nodes say of a certificate: a file of its own beside it.

import { createPublicKey, verify as verifySignature } from "node:crypto";

import { bigEndian, concat, frame, same, sha256 } from "./bytes.mjs";
import { demand, Fault } from "./fault.mjs";
import { entry, node, readAs } from "./format.mjs";
import { checkClaims, homesOf, stateKey } from "./proofs.mjs";
import { digest, hexBytes, list, object, text } from "./shape.mjs";

const FORMAT = "suyuan-attestations/1";
const FILE_BYTES_MAX = 16 * 1024 * 1024;
const ATTESTATIONS_MAX = 1_000;
/** Half of the order of secp256k1: of the two signatures that fit, the one that is not above it counts. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
/** DER in front of raw public keys. @type {Record<string, [number, Buffer]>} */
const SPKI = {
  ed25519: [32, Buffer.from("302a300506032b6570032100", "hex")],
  secp256k1: [33, Buffer.from("3036301006072a8648ce3d020106052b8104000a032200", "hex")],
};

const attestations = object([
  ["format", text],
  ["certificate", digest],
  ["roles", entry],
  ["attestations", list(object([
    ["participant", text], ["kid", text], ["record", entry], ["key", entry], ["signature", hexBytes],
  ]))],
  ["nodes", list(node)],
]);

/** @typedef {{participant: string, kid: string, record: import("./types.d.ts").Entry, key: import("./types.d.ts").Entry, signature: Buffer}} Attestation */

/**
 * Checks attestations of a certificate that holds.
 *
 * @param {Buffer} file the attestations
 * @param {Buffer} certificateFile
 * @param {import("./types.d.ts").Certificate} certificate
 * @param {Buffer} headerHash
 * @param {number} wanted distinct participants at the least
 * @throws {Fault}
 */
export function checkAttestations(file, certificateFile, certificate, headerHash, wanted) {
  demand(file.length <= FILE_BYTES_MAX, "too_large", file.length);
  const given = readAs(attestations, FORMAT, file);
  const hash = sha256(certificateFile);
  demand(same(given.certificate, hash), "attestation_foreign", given.certificate.toString("hex"));
  /** @type {Attestation[]} */
  const all = given.attestations;
  demand(all.length > 0 && all.length <= ATTESTATIONS_MAX, "attestor_order", all.length);
  all.forEach((one, at) => {
    const after = at === 0 || Buffer.compare(Buffer.from(all[at - 1].participant), Buffer.from(one.participant)) < 0;
    demand(after, "attestor_order", at);
  });
  checkClaims(given.nodes, certificate.proof.store_root, claims(certificate, given));
  const roles = parsed(given.roles, "the roles");
  for (const one of all) {
    checkOne(certificate, headerHash, hash, roles, one);
  }
  demand(all.length >= wanted, "too_few_attestors", `${all.length} of ${wanted}`);
  return all.map(({ participant, kid }) => ({ participant, kid }));
}

/** The records with the keys that they must be under. */
function claims(/** @type {import("./types.d.ts").Certificate} */ certificate, /** @type {any} */ given) {
  const home = homesOf(certificate.contracts).registry;
  const claim = (/** @type {string} */ what, /** @type {Buffer} */ key, /** @type {import("./types.d.ts").Entry} */ at) =>
    ({ what, key: stateKey(home, key), value: at.value, leaf: at.leaf, path: at.path });
  const all = [claim("the roles", concat("r"), given.roles)];
  for (const one of given.attestations) {
    const id = Buffer.from(one.participant);
    demand(id.length < 1 << 16, "attestor_unreadable", "an id that nobody can have");
    const key = concat([0, 1], "k", bigEndian(BigInt(id.length), 2), id, one.kid);
    all.push(claim(`participant ${one.participant}`, concat([0, 1], "p", id), one.record));
    all.push(claim(`key ${one.kid} of ${one.participant}`, key, one.key));
  }
  return all;
}

/** A record that a contract keeps as JSON. @param {import("./types.d.ts").Entry} record @param {string} what @returns {any} */
function parsed(record, what) {
  try {
    return JSON.parse(record.value.toString("utf8"));
  } catch {
    throw new Fault("attestor_unreadable", what);
  }
}

function checkOne(
  /** @type {import("./types.d.ts").Certificate} */ certificate,
  /** @type {Buffer} */ headerHash,
  /** @type {Buffer} */ hash,
  /** @type {any[]} */ roles,
  /** @type {Attestation} */ one,
) {
  const participant = parsed(one.record, one.participant);
  const key = parsed(one.key, one.kid);
  const until = participant.suspension?.until_s ?? null;
  const over = until !== null && BigInt(until) <= certificate.header.time.seconds;
  const active = participant.status === "active" || (participant.status === "suspended" && over);
  demand(active, "attestor_inactive", `${one.participant} is ${participant.status}`);
  const permitted = participant.kind !== "machine" && allows(roles, participant.roles, participant.kind, "attest");
  demand(permitted, "attestor_not_permitted", one.participant);
  const before = (/** @type {number | null} */ end) => end === null || certificate.height < BigInt(end);
  const valid = BigInt(key.from_height) <= certificate.height && before(key.to_height) && before(key.revoked_at);
  demand(key.purpose === "attest" && valid, "attestor_key", `${one.kid} of ${one.participant}`);
  const signed = concat(
    "suyuan/attest/1",
    frame(certificate.chain_id),
    bigEndian(certificate.height, 8),
    frame(headerHash),
    frame(certificate.contracts.registry.address),
    frame(one.participant),
    frame(one.kid),
    hash,
  );
  demand(isSigned(key, signed, one.signature), "attestation_invalid", `${one.kid} of ${one.participant}`);
}

/** What roles allow, with what they inherit; a role counts where it is for this kind of participant. */
function allows(/** @type {any[]} */ roles, /** @type {string[]} */ held, /** @type {string} */ kind, /** @type {string} */ permission) {
  const named = new Map(roles.map((role) => [role.name, role]));
  const isFor = (/** @type {any} */ role) => (role.kinds ?? []).length === 0 || role.kinds.includes(kind);
  const todo = held.map((name) => named.get(name)).filter((role) => role !== undefined && isFor(role));
  const seen = new Set();
  for (let role = todo.pop(); role !== undefined; role = todo.pop()) {
    if (!seen.has(role.name)) {
      seen.add(role.name);
      if (role.permissions.includes(permission)) {
        return true;
      }
      todo.push(...(role.inherits ?? []).map((/** @type {string} */ name) => named.get(name)).filter(Boolean));
    }
  }
  return false;
}

/** @param {{algorithm: string, public_key: string}} key @param {Buffer} message @param {Buffer} signature */
function isSigned(key, message, signature) {
  const [length, prefix] = SPKI[key.algorithm] ?? [-1, Buffer.alloc(0)];
  const raw = Buffer.from(key.public_key, "base64");
  if (raw.length !== length || signature.length !== 64) {
    return false;
  }
  try {
    const publicKey = createPublicKey({ key: concat(prefix, raw), format: "der", type: "spki" });
    if (key.algorithm === "ed25519") {
      return verifySignature(null, message, publicKey, signature);
    }
    const low = BigInt(`0x${signature.subarray(32).toString("hex")}`) <= HALF_ORDER;
    return low && verifySignature("sha256", message, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
  } catch {
    return false;
  }
}
