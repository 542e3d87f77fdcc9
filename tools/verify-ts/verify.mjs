#!/usr/bin/env node
// node verify.mjs FILE [TRUST] [--accept-checksum HEX]... [--deployment FILE] [--attestations FILE [--attestors N]]
//
// TRUST is a genesis (or a file with chain_id and validators), or the hash of a header. Prints one line of JSON. Exit codes are
// those of `suyuan verify`: 0 proved, 2 usage, 4 a file of this machine, 5 refused, 6 consistent but signer unverified.

import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { Fault } from "./src/fault.mjs";
import { anchorOf, Checksums } from "./src/trust.mjs";
import { verify } from "./src/verifier.mjs";

/** @returns {{code: number, answer: object}} */
function run() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "accept-checksum": { type: "string", multiple: true },
      deployment: { type: "string" },
      attestations: { type: "string" },
      attestors: { type: "string", default: "1" },
    },
  });
  const [file, trust] = positionals;
  if (file === undefined || positionals.length > 2) {
    return { code: 2, answer: { verdict: "usage", detail: "verify.mjs FILE [TRUST]" } };
  }
  const checksums = Checksums.fromFile(new URL("../../artifacts/checksums.txt", import.meta.url));
  (values["accept-checksum"] ?? []).forEach((checksum) => checksums.accept(checksum));
  /** @type {import("./src/trust.mjs").Anchor} */
  const anchor =
    trust === undefined ? { kind: "none" } : anchorOf(existsSync(trust) ? readFileSync(trust) : trust);
  const deployment =
    values.deployment === undefined ? null : JSON.parse(readFileSync(values.deployment, "utf8"));
  const bytes = readFileSync(file);
  const attested =
    values.attestations === undefined
      ? null
      : { file: readFileSync(values.attestations), wanted: Number(values.attestors) };
  try {
    const report = verify(bytes, { anchor, checksums, deployment }, attested);
    const proved = report.signer !== "unverified";
    return { code: proved ? 0 : 6, answer: { verdict: proved ? "proved" : "consistent", ...report } };
  } catch (error) {
    if (error instanceof Fault) {
      return { code: 5, answer: { verdict: "refused", reason: error.reason, detail: error.message } };
    }
    throw error;
  }
}

let ended;
try {
  ended = run();
} catch (error) {
  ended = { code: 4, answer: { verdict: "failed", detail: String(error) } };
}
console.log(JSON.stringify(ended.answer));
process.exitCode = ended.code;
