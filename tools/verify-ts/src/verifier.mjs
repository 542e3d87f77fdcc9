// The order of all checks: that of the verifier in Rust, so that both give the same reason.

import { checkAttestations } from "./attest.mjs";
import { checkContracts, checkDeployment } from "./contracts.mjs";
import { checkEvents } from "./events.mjs";
import { read } from "./format.mjs";
import { checkGraph, readUnits } from "./graph.mjs";
import { checkAnchor, checkSignatures, checkValidators } from "./header.mjs";
import { checkProofs, homesOf } from "./proofs.mjs";

/**
 * Verifies a certificate with nothing but its bytes and what is trusted.
 *
 * @param {Buffer} file
 * @param {{anchor: import("./trust.mjs").Anchor, checksums: import("./trust.mjs").Checksums,
 *   deployment?: import("./trust.mjs").Addresses | null}} terms
 * @param {{file: Buffer, wanted: number} | null} [attested] attestations, and how many participants have to attest
 * @throws {import("./fault.mjs").Fault}
 */
export function verify(file, terms, attested = null) {
  const certificate = read(file);
  checkValidators(certificate.validators);
  const signed = checkSignatures(certificate);
  const signer = checkAnchor(certificate, signed, terms.anchor);
  const homes = homesOf(certificate.contracts);
  checkDeployment(certificate, terms.deployment ?? null);
  checkDeployment(certificate, terms.anchor.kind === "chain" ? terms.anchor.contracts : null);
  checkProofs(certificate, homes);
  checkContracts(certificate, terms.checksums);
  const known = readUnits(certificate);
  checkGraph(certificate, known);
  checkEvents(certificate, known);
  const attestors =
    attested === null ? [] : checkAttestations(attested.file, file, certificate, signed.hash, attested.wanted);
  return {
    signer,
    chain_id: certificate.chain_id,
    height: Number(certificate.height),
    header_hash: signed.hash.toString("hex"),
    start: certificate.start,
    direction: certificate.direction,
    units: certificate.units.length,
    links: certificate.links.length,
    events: certificate.events.length,
    attestors,
  };
}
