// Verifies what the chain's state holds, and what it does not hold, with an unmodified ICS-23 verifier.

import { ics23, iavlSpec, tendermintSpec, verifyMembership, verifyNonMembership } from "@confio/ics23";
import { fromBech32, toUtf8 } from "@cosmjs/encoding";

import { check, checkEqual } from "./check.mjs";

/** Key prefixes of wasmd's store (`x/wasm/types/keys.go`). */
const CONTRACT_INFO_PREFIX = 0x02;
const CONTRACT_STATE_PREFIX = 0x03;

function storeKey(prefix, address, suffix = "") {
  return new Uint8Array([prefix, ...fromBech32(address).data, ...toUtf8(suffix)]);
}

/**
 * Reads `key` with its proof one block below the latest, since the app hash after a block stands in the next header:
 * a chain that idles has no block after its latest one.
 */
async function proved(comet, key) {
  const status = await comet.status();
  const height = status.syncInfo.latestBlockHeight - 1;
  const answer = await comet.abciQuery({ path: "/store/wasm/key", data: key, prove: true, height });
  checkEqual(answer.code, 0, `code of a raw query with proof (${answer.log})`);
  checkEqual(answer.height, height, "height of a raw query");
  const ops = answer.proof?.ops ?? [];
  checkEqual(ops.map((op) => op.type), ["ics23:iavl", "ics23:simple"], "kinds of the proof operations");
  const { header } = await comet.commit(height + 1);
  return { height, value: answer.value, ops, appHash: header.appHash };
}

/** The root of the wasm store, proved to be part of the app hash. */
function provedStoreRoot(proof) {
  const simple = ics23.CommitmentProof.decode(proof.ops[1].data);
  const root = simple.exist?.value;
  check(root !== undefined, "the proof of the store's root is a proof of existence");
  check(
    verifyMembership(simple, tendermintSpec, proof.appHash, toUtf8("wasm"), root),
    "the store's root is part of the app hash",
  );
  return root;
}

/** Proves the record of `contract` to be in the state, and a key that it never wrote not to be. */
export async function verifyStateProofs(comet, contract) {
  const presentKey = storeKey(CONTRACT_INFO_PREFIX, contract);
  const present = await proved(comet, presentKey);
  check(present.value.length > 0, "the contract's record is found");
  const presentRoot = provedStoreRoot(present);
  const exists = ics23.CommitmentProof.decode(present.ops[0].data);
  check(
    verifyMembership(exists, iavlSpec, presentRoot, presentKey, present.value),
    "the contract's record is proved present",
  );
  check(
    !verifyMembership(exists, iavlSpec, presentRoot, presentKey, new Uint8Array([1])),
    "another record is not proved by the same proof",
  );

  const absentKey = storeKey(CONTRACT_STATE_PREFIX, contract, "a key that no contract writes");
  const absent = await proved(comet, absentKey);
  checkEqual(absent.value.length, 0, "bytes of an absent value");
  const absentRoot = provedStoreRoot(absent);
  const missing = ics23.CommitmentProof.decode(absent.ops[0].data);
  check(
    verifyNonMembership(missing, iavlSpec, absentRoot, absentKey),
    "the key that was never written is proved absent",
  );
  return { height: present.height };
}
