// What the caller trusts.

import { readFileSync } from "node:fs";

import { checkValidators, order } from "./header.mjs";

/** @typedef {{registry: string, trace_code: string, assembly_graph: string, event_log: string}} Addresses */
/**
 * @typedef {{kind: "none"} | {kind: "header", hash: Buffer} | {kind: "chain", chainId: string,
 *   validators: {ed25519: Buffer, power: bigint}[], contracts: Addresses | null}} Anchor
 */

/** A header by its hash, or a chain by its genesis. @param {Buffer | string} given @returns {Anchor} */
export function anchorOf(given) {
  const text = given.toString().trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) {
    return { kind: "header", hash: Buffer.from(text, "hex") };
  }
  const genesis = JSON.parse(text);
  const validators = genesis.validators.map((/** @type {any} */ one) => {
    if (one.pub_key.type !== "tendermint/PubKeyEd25519") {
      throw new Error("a validator's kind of key cannot be read");
    }
    return { ed25519: Buffer.from(one.pub_key.value, "base64"), power: BigInt(one.power) };
  });
  checkValidators([...validators].sort(order));
  return { kind: "chain", chainId: genesis.chain_id, validators, contracts: genesis.contracts ?? null };
}

/** Codes that are known: role by checksum, and those that the caller accepts. */
export class Checksums {
  constructor() {
    /** @type {Map<string, string>} */
    this.named = new Map();
    /** @type {Set<string>} */
    this.accepted = new Set();
  }

  /** As `sha256sum` writes them. @param {string | URL} file */
  static fromFile(file) {
    const known = new Checksums();
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const [checksum, name] = line.split("  ");
      if (name !== undefined) {
        known.named.set(checksum, name.replace(/\.wasm$/, ""));
      }
    }
    return known;
  }

  /** @param {string} checksum */
  accept(checksum) {
    if (!/^[0-9a-f]{64}$/.test(checksum)) {
      throw new Error(`${checksum} is not a checksum of 64 hex digits`);
    }
    this.accepted.add(checksum);
  }

  /** @param {string} role @param {string} checksum */
  knows(role, checksum) {
    return this.named.get(checksum) === role || this.accepted.has(checksum);
  }
}
