#!/usr/bin/env node
// Many files in one process: the first line of standard input names the terms, every further one is a file in base64; behind a
// space its attestations, of which the terms' number has to be there.
// Answers each with one line of JSON: {"reason": null} where it is accepted, else the reason of the refusal.

import { createInterface } from "node:readline";

import { Fault } from "./src/fault.mjs";
import { anchorOf, Checksums } from "./src/trust.mjs";
import { verify } from "./src/verifier.mjs";

/** @type {Parameters<typeof verify>[1] | null} */
let terms = null;
let wanted = 1;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (terms === null) {
    const { trust, checksums, attestors = 1 } = JSON.parse(line);
    wanted = attestors;
    const known = new Checksums();
    checksums.forEach((/** @type {string} */ checksum) => known.accept(checksum));
    terms = { anchor: anchorOf(JSON.stringify(trust)), checksums: known };
    continue;
  }
  let reason = null;
  const [certificate, attestations] = line.split(" ").map((file) => Buffer.from(file, "base64"));
  try {
    verify(certificate, terms, attestations === undefined ? null : { file: attestations, wanted });
  } catch (error) {
    if (!(error instanceof Fault)) {
      throw error;
    }
    reason = error.reason;
  }
  process.stdout.write(`${JSON.stringify({ reason })}\n`);
}
