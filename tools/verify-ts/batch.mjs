#!/usr/bin/env node
// Many files in one process: the first line of standard input names the terms, every further one is a file in base64.
// Answers each with one line of JSON: {"reason": null} where it is accepted, else the reason of the refusal.

import { createInterface } from "node:readline";

import { Fault } from "./src/fault.mjs";
import { anchorOf, Checksums } from "./src/trust.mjs";
import { verify } from "./src/verifier.mjs";

/** @type {Parameters<typeof verify>[1] | null} */
let terms = null;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (terms === null) {
    const { trust, checksums } = JSON.parse(line);
    const known = new Checksums();
    checksums.forEach((/** @type {string} */ checksum) => known.accept(checksum));
    terms = { anchor: anchorOf(JSON.stringify(trust)), checksums: known };
    continue;
  }
  let reason = null;
  try {
    verify(Buffer.from(line, "base64"), terms);
  } catch (error) {
    if (!(error instanceof Fault)) {
      throw error;
    }
    reason = error.reason;
  }
  process.stdout.write(`${JSON.stringify({ reason })}\n`);
}
