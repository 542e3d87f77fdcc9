// Who signed: header, validators and commit of CometBFT, from their definitions.

import { createPublicKey, verify as verifySignature } from "node:crypto";

import {
  bytesField, concat, fixedField, hex, messageField, numberField, same, sha256, varint,
} from "./bytes.mjs";
import { demand, Fault } from "./fault.mjs";

const VALIDATORS_MAX = 10_000;
const CHAIN_ID_MAX = 50;
const POWER_MAX = (1n << 63n) / 8n;
const I64_MAX = (1n << 63n) - 1n;
/** DER in front of a raw Ed25519 key. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** @typedef {import("./types.d.ts").Validator} Validator */

/** @param {Validator} validator */
export function addressOf(validator) {
  return sha256(validator.ed25519).subarray(0, 20);
}

/** The root of RFC 6962. @param {Uint8Array[]} leaves @returns {Buffer} */
export function merkle(leaves) {
  if (leaves.length === 0) {
    return sha256("");
  }
  if (leaves.length === 1) {
    return sha256([0], leaves[0]);
  }
  let split = 1;
  while (split * 2 < leaves.length) {
    split *= 2;
  }
  return sha256([1], merkle(leaves.slice(0, split)), merkle(leaves.slice(split)));
}

/** @param {Validator[]} validators */
export function validatorsHash(validators) {
  return merkle(
    validators.map((one) => concat(messageField(1, bytesField(1, one.ed25519)), numberField(2, one.power))),
  );
}

/** Descending by power, then ascending by address. @param {Validator} a @param {Validator} b */
export function order(a, b) {
  if (a.power !== b.power) {
    return a.power > b.power ? -1 : 1;
  }
  return Buffer.compare(addressOf(a), addressOf(b));
}

/** @param {Validator[]} validators */
export function checkValidators(validators) {
  demand(validators.length > 0 && validators.length <= VALIDATORS_MAX, "bad_validator", "their number");
  let total = 0n;
  validators.forEach((one, at) => {
    demand(one.ed25519.length === 32 && one.power > 0n && one.power <= I64_MAX, "bad_validator", at);
    total += one.power;
  });
  const distinct = new Set(validators.map((one) => hex(one.ed25519)));
  demand(total <= POWER_MAX && distinct.size === validators.length, "validator_order");
  validators.forEach((one, at) => {
    demand(at === 0 || order(validators[at - 1], one) < 0, "validator_order", at);
  });
}

/** @param {import("./types.d.ts").Moment} time */
function timestamp(time) {
  return concat(numberField(1, time.seconds), numberField(2, time.nanos));
}

/** @param {import("./types.d.ts").Moment} time */
function isTime(time) {
  // From the year 1 to the year 9999.
  return time.nanos < 1_000_000_000n && time.seconds >= -62_135_596_800n && time.seconds <= 253_402_300_799n;
}

/** @param {Uint8Array} hash @param {bigint} parts @param {Uint8Array} partsHash */
function blockId(hash, parts, partsHash) {
  const partSet = concat(numberField(1, parts), bytesField(2, partsHash));
  return concat(bytesField(1, hash), messageField(2, partSet));
}

/** @param {import("./types.d.ts").Header} header */
function checkHeader(header) {
  const hashes = {
    validators_hash: [32], next_validators_hash: [32], consensus_hash: [32], last_commit_hash: [0, 32],
    data_hash: [0, 32], last_results_hash: [0, 32], evidence_hash: [0, 32], proposer: [20],
  };
  for (const [name, lengths] of Object.entries(hashes)) {
    const field = /** @type {keyof typeof hashes} */ (name);
    demand(lengths.includes(header[field].length), "bad_header", field);
  }
  const last = header.last_block;
  demand(last === null || (last.hash.length === 32 && last.parts_hash.length === 32), "bad_header", "last_block");
  demand(/^[A-Za-z0-9_.-]+$/.test(header.chain_id) && header.chain_id.length <= CHAIN_ID_MAX, "bad_header", "chain_id");
  demand(header.height <= I64_MAX && isTime(header.time), "bad_header", "height or time");
}

/** @param {import("./types.d.ts").Header} header @returns {Buffer} */
export function headerHash(header) {
  const last = header.last_block ?? { hash: [], parts: 0n, parts_hash: [] };
  return merkle([
    concat(numberField(1, header.block_version), numberField(2, header.app_version)),
    bytesField(1, header.chain_id),
    numberField(1, header.height),
    timestamp(header.time),
    blockId(Uint8Array.from(last.hash), last.parts, Uint8Array.from(last.parts_hash)),
    bytesField(1, header.last_commit_hash),
    bytesField(1, header.data_hash),
    bytesField(1, header.validators_hash),
    bytesField(1, header.next_validators_hash),
    bytesField(1, header.consensus_hash),
    bytesField(1, header.app_hash),
    bytesField(1, header.last_results_hash),
    bytesField(1, header.evidence_hash),
    bytesField(1, header.proposer),
  ]);
}

/** What a validator signs. @param {import("./types.d.ts").Certificate} certificate @param {Uint8Array} hash @param {import("./types.d.ts").Moment} time */
function signBytes(certificate, hash, time) {
  const { header, commit } = certificate;
  const vote = concat(
    numberField(1, 2n),
    fixedField(2, header.height),
    fixedField(3, commit.round),
    messageField(4, blockId(hash, commit.parts, commit.parts_hash)),
    messageField(5, timestamp(time)),
    bytesField(6, header.chain_id),
  );
  return concat(varint(BigInt(vote.length)), vote);
}

/** @param {Uint8Array} key @param {Uint8Array} message @param {Uint8Array} signature */
function isSigned(key, message, signature) {
  if (signature.length !== 64) {
    return false;
  }
  const publicKey = createPublicKey({ key: concat(SPKI, key), format: "der", type: "spki" });
  return verifySignature(null, message, publicKey, signature);
}

/**
 * Checks that more than two thirds signed; returns the hash of the header and who signed.
 * @param {import("./types.d.ts").Certificate} certificate
 */
export function checkSignatures(certificate) {
  const { header, commit, validators } = certificate;
  demand(header.chain_id === certificate.chain_id, "chain_mismatch", header.chain_id);
  demand(header.height === certificate.height + 1n, "height_mismatch", header.height);
  checkHeader(header);
  demand(commit.signatures.length === validators.length, "commit_malformed", commit.signatures.length);
  demand(commit.parts_hash.length === 32 && commit.round < 1n << 31n, "commit_malformed");
  for (const vote of commit.signatures) {
    demand(vote === null || isTime(vote.time), "commit_malformed", "time");
    demand(vote === null || vote.signature.length === 64, "signature_invalid");
  }
  demand(same(validatorsHash(validators), header.validators_hash), "validators_mismatch");
  const hash = headerHash(header);
  const total = validators.reduce((sum, one) => sum + one.power, 0n);
  let power = 0n;
  /** @type {string[]} */
  const signers = [];
  validators.forEach((one, at) => {
    const vote = commit.signatures[at];
    if (vote === null) {
      return;
    }
    demand(power * 3n <= total * 2n, "signature_surplus", at);
    demand(isSigned(one.ed25519, signBytes(certificate, hash, vote.time), vote.signature), "signature_invalid", at);
    power += one.power;
    signers.push(hex(one.ed25519));
  });
  demand(power * 3n > total * 2n, "not_enough_power", power);
  return { hash, signers };
}

/**
 * Compares with what is trusted.
 * @param {import("./types.d.ts").Certificate} certificate
 * @param {{hash: Buffer, signers: string[]}} signed
 * @param {import("./trust.mjs").Anchor} anchor
 */
export function checkAnchor(certificate, signed, anchor) {
  if (anchor.kind === "none") {
    return "unverified";
  }
  if (anchor.kind === "header") {
    demand(same(signed.hash, anchor.hash), "untrusted_header", hex(signed.hash));
    return "trusted_header";
  }
  demand(anchor.chainId === certificate.chain_id, "other_chain", certificate.chain_id);
  const trusted = [...anchor.validators].sort(order);
  if (same(validatorsHash(trusted), certificate.header.validators_hash)) {
    return "trusted_validators";
  }
  const sum = (/** @type {Validator[]} */ some) => some.reduce((all, one) => all + one.power, 0n);
  const known = sum(trusted.filter((one) => signed.signers.includes(hex(one.ed25519))));
  if (known * 3n > sum(trusted)) {
    return "trusted_overlap";
  }
  throw new Fault("untrusted_validators", `${known} of ${sum(trusted)}`);
}
