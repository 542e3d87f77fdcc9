// What is in the file, field by field, in order.

import { sha256, same } from "./bytes.mjs";
import { demand, Fault } from "./fault.mjs";
import {
  amount, base64Bytes, bool, Cursor, digest, hexBytes, list, maybe, object, signed, text, unsigned, word,
} from "./shape.mjs";

export const FORMAT = "suyuan-certificate/1";
const FILE_BYTES_MAX = 512 * 1024 * 1024;

const u64 = unsigned(64);
const u32 = unsigned(32);
const place = maybe((cursor) => Number(u32(cursor)));

export const entry = object([["value", base64Bytes], ["leaf", hexBytes], ["path", place]]);
/** An inner node of a proof. */
export const node = object([["prefix", hexBytes], ["suffix", hexBytes], ["above", place]]);
const contract = object([
  ["address", text],
  ["info", entry],
  ["history", list(entry)],
  ["after_history", object([["key", hexBytes], ["entry", entry]])],
  ["items", list(entry)],
]);
const link = object([
  ["id", u64],
  ["kind", word(["consume", "install", "pack", "split", "merge", "relabel"])],
  ["parent", text],
  ["parent_revision", u32],
  ["child", text],
  ["child_revision", u32],
  ["quantity", maybe(amount)],
  ["certainty", word(["certain", "potential", "disputed"])],
  ["group", maybe(unsigned(8))],
  ["opened_by", text],
  ["closed_by", maybe(text)],
  ["voided", bool],
  ["witnesses", list(text)],
]);
const unit = object([
  ["number", u64],
  ["core", entry],
  ["state", entry],
  ["accumulators", entry],
  ["steps", list(object([["link", u64], ["op", word(["opened", "witnessed", "closed", "voided"])]]))],
  ["events", list(u64)],
]);
const moment = object([["seconds", signed], ["nanos", u32]]);
const certificate = object([
  ["format", text],
  ["chain_id", text],
  ["height", u64],
  ["start", text],
  ["direction", word(["backward", "forward"])],
  ["contracts", object([
    ["registry", contract],
    ["trace_code", contract],
    ["assembly_graph", contract],
    ["event_log", contract],
  ])],
  ["codes", list(object([["id", u64], ["info", entry]]))],
  ["units", list(unit)],
  ["links", list(link)],
  ["events", list(object([["number", u64], ["record", text], ["leaf", hexBytes], ["path", place]]))],
  ["proof", object([
    ["nodes", list(node)],
    ["store_root", hexBytes],
    ["store_path", list(object([["prefix", hexBytes], ["suffix", hexBytes]]))],
  ])],
  ["header", object([
    ["block_version", u64],
    ["app_version", u64],
    ["chain_id", text],
    ["height", u64],
    ["time", moment],
    ["last_block", maybe(object([["hash", hexBytes], ["parts", u32], ["parts_hash", hexBytes]]))],
    ["last_commit_hash", hexBytes],
    ["data_hash", hexBytes],
    ["validators_hash", hexBytes],
    ["next_validators_hash", hexBytes],
    ["consensus_hash", hexBytes],
    ["app_hash", hexBytes],
    ["last_results_hash", hexBytes],
    ["evidence_hash", hexBytes],
    ["proposer", hexBytes],
  ])],
  ["commit", object([
    ["round", u32],
    ["parts", u32],
    ["parts_hash", hexBytes],
    ["signatures", list(maybe(object([["time", moment], ["signature", hexBytes]])))],
  ])],
  ["validators", list(object([["ed25519", hexBytes], ["power", u64]]))],
  ["digest", digest],
]);

/**
 * Reads a file of a shape; refuses everything but the one spelling.
 * @param {import("./shape.mjs").Shape} shape
 * @param {string} format
 * @param {Buffer} file
 */
export function readAs(shape, format, file) {
  let spelled;
  try {
    spelled = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file);
    const loose = JSON.parse(spelled);
    if (typeof loose?.format === "string" && loose.format !== format) {
      throw new Fault("unknown_format", loose.format);
    }
  } catch (error) {
    throw error instanceof Fault ? error : new Fault("unreadable", String(error));
  }
  const cursor = new Cursor(spelled);
  const value = shape(cursor);
  if (cursor.at !== spelled.length) {
    cursor.fail();
  }
  return value;
}

/**
 * Reads a file; refuses everything but the canonical form.
 * @param {Buffer} file
 * @returns {import("./types.d.ts").Certificate}
 */
export function read(file) {
  demand(file.length <= FILE_BYTES_MAX, "too_large", file.length);
  const value = readAs(certificate, FORMAT, file);
  const cut = file.length - 66;
  const zeros = "0".repeat(64);
  demand(same(sha256(file.subarray(0, cut), zeros, '"}'), value.digest), "digest_mismatch");
  return value;
}
