// Acceptance of a Suyuan node by unmodified CosmJS: connects, sends, uploads, instantiates, executes, queries, proves,
// traces, and is refused where it should be. Prints one line of JSON; the first failure ends it with exit code 1.
//
// Settings (environment): SUYUAN_RPC, SUYUAN_MNEMONIC, SUYUAN_PREFIX, SUYUAN_DENOM, WASM_FILE, INSTANTIATE_MSG,
// EXECUTE_MSG, QUERY_MSG; and, to read a trace, TRACE_GRAPH, TRACE_ROOT with TRACE_EXPECT_UNITS, TRACE_EXPECT_LINKS.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { SigningCosmWasmClient } from "@cosmjs/cosmwasm-stargate";
import { toUtf8 } from "@cosmjs/encoding";
import { DirectSecp256k1HdWallet, makeCosmoshubPath } from "@cosmjs/proto-signing";
import { GasPrice } from "@cosmjs/stargate";
import { Comet38Client, connectComet } from "@cosmjs/tendermint-rpc";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { MsgExecuteContract } from "cosmjs-types/cosmwasm/wasm/v1/tx";

import { check, checkEqual, checkRejects, optionalCount, required } from "./check.mjs";
import { verifyStateProofs } from "./proofs.mjs";
import { traceEachOnce } from "./trace.mjs";

const SEND_AMOUNT = "1234";
/** Gas for messages that must get into a block although a simulation of them fails. */
const FAILING_GAS = "400000";

/** The step that is running, for the report of a failure. */
let step = "settings";

/** Filled first of all by readSettings. */
let settings;

function readSettings() {
  return {
    rpc: required("SUYUAN_RPC"),
    mnemonic: required("SUYUAN_MNEMONIC"),
    prefix: required("SUYUAN_PREFIX"),
    denom: required("SUYUAN_DENOM"),
    wasm: readFileSync(required("WASM_FILE")),
    instantiateMsg: JSON.parse(required("INSTANTIATE_MSG")),
    executeMsg: JSON.parse(required("EXECUTE_MSG")),
    queryMsg: JSON.parse(required("QUERY_MSG")),
  };
}

async function connect() {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(settings.mnemonic, {
    prefix: settings.prefix,
    hdPaths: [makeCosmoshubPath(0), makeCosmoshubPath(1), makeCosmoshubPath(2)],
  });
  const [sender, recipient, unused] = (await wallet.getAccounts()).map((account) => account.address);
  const comet = await connectComet(settings.rpc);
  check(comet instanceof Comet38Client, "CosmJS chooses its decoder for CometBFT 0.38");
  const client = await SigningCosmWasmClient.createWithSigner(comet, wallet, {
    gasPrice: GasPrice.fromString(`0.001${settings.denom}`),
    broadcastPollIntervalMs: 50,
    broadcastTimeoutMs: 20_000,
  });
  return { comet, client, sender, recipient, unused };
}

async function readChain({ comet, client, sender }) {
  const chainId = await client.getChainId();
  const height = await client.getHeight();
  check(chainId.length > 0 && height >= 1, "the chain has a name and a block");
  const account = await client.getAccount(sender);
  checkEqual(account?.address, sender, "address of the sender's account");
  const sequence = await client.getSequence(sender);
  checkEqual(sequence.accountNumber, account.accountNumber, "account number");
  const block = await client.getBlock(height);
  checkEqual(block.header.height, height, "height of the block asked for");
  const validators = await comet.validatorsAll(height);
  checkEqual(validators.total, 1, "validators");
  const results = await comet.blockResults(height);
  checkEqual(results.height, height, "height of the results asked for");
  const genesis = await comet.genesis();
  checkEqual(genesis.chainId, chainId, "chain id in the genesis file");
  await comet.abciInfo();
  await comet.health();
  const metas = await comet.blockchain(1, height);
  checkEqual(metas.lastHeight >= height, true, "the list of headers reaches the height");
  return { chainId, height };
}

async function send({ client, sender, recipient }) {
  const before = BigInt((await client.getBalance(recipient, settings.denom)).amount);
  const amount = [{ denom: settings.denom, amount: SEND_AMOUNT }];
  const sent = await client.sendTokens(sender, recipient, amount, "auto", "acceptance");
  checkEqual(sent.code, 0, `code of the transfer (${sent.rawLog})`);
  checkEqual(sent.rawLog, "", "log of a successful transaction");
  check(/^[0-9A-F]{64}$/.test(sent.transactionHash), "the hash is upper-case hex");
  check(typeof sent.gasUsed === "bigint" && sent.gasUsed <= sent.gasWanted, "gas stays within its limit");
  const transfer = sent.events.find((event) => event.type === "transfer");
  check(transfer !== undefined, "a transfer event");
  const after = BigInt((await client.getBalance(recipient, settings.denom)).amount);
  checkEqual(after - before, BigInt(SEND_AMOUNT), "what the recipient got");
  const free = { amount: [], gas: "200000" };
  const zeroFee = await client.sendTokens(sender, recipient, amount, free, "without a fee");
  checkEqual(zeroFee.code, 0, `code of a transfer without a fee (${zeroFee.rawLog})`);
  const unknownDenom = await client.getBalance(recipient, "nothing");
  checkEqual(unknownDenom, { denom: "nothing", amount: "0" }, "balance of a denom that nobody holds");
  return sent;
}

async function upload({ client, sender }) {
  const uploaded = await client.upload(sender, settings.wasm, "auto", "acceptance");
  const checksum = createHash("sha256").update(settings.wasm).digest("hex");
  checkEqual(uploaded.checksum, checksum, "checksum of the uploaded code");
  check(uploaded.compressedSize < uploaded.originalSize, "the upload is compressed");
  const details = await client.getCodeDetails(uploaded.codeId);
  checkEqual(details.checksum, checksum, "checksum of the stored code");
  check(Buffer.from(details.data).equals(settings.wasm), "the stored code is the uploaded one");
  const codes = await client.getCodes();
  checkEqual(codes.at(-1)?.id, uploaded.codeId, "id of the latest code");
  return uploaded.codeId;
}

async function instantiate({ client, sender }, codeId) {
  const options = { admin: sender, memo: "acceptance" };
  const created = await client.instantiate(
    sender, codeId, settings.instantiateMsg, "acceptance", "auto", options,
  );
  const contract = created.contractAddress;
  check(contract.startsWith(`${settings.prefix}1`), "the contract's address has the chain's prefix");
  const info = await client.getContract(contract);
  checkEqual(
    [info.codeId, info.creator, info.admin, info.label],
    [codeId, sender, sender, "acceptance"],
    "record of the contract",
  );
  checkEqual(await client.getContracts(codeId), [contract], "contracts of the code");
  const history = await client.getContractCodeHistory(contract);
  checkEqual(history, [{ operation: "Init", codeId, msg: settings.instantiateMsg }], "code history");
  const amount = [{ denom: settings.denom, amount: SEND_AMOUNT }];
  const funded = await client.sendTokens(sender, contract, amount, "auto");
  checkEqual(funded.code, 0, `code of a transfer to the contract (${funded.rawLog})`);
  return contract;
}

async function execute({ client, sender }, contract) {
  const gas = await client.simulate(sender, [executeMessage(sender, contract, settings.executeMsg)], "");
  check(Number.isInteger(gas) && gas > 0, "a simulation tells the gas");
  const done = await client.execute(sender, contract, settings.executeMsg, "auto", "acceptance");
  const event = done.events.find((candidate) => candidate.type === "execute");
  const address = event?.attributes.find((attribute) => attribute.key === "_contract_address");
  checkEqual(address?.value, contract, "contract in the event of the execution");
  return { done, gas };
}

async function query({ client }, contract) {
  const answer = await client.queryContractSmart(contract, settings.queryMsg);
  check(answer !== undefined, "a smart query is answered");
  const missing = await client.queryContractRaw(contract, toUtf8("a key that no contract writes"));
  checkEqual(missing?.length, 0, "bytes of a raw key that is not there");
  const cw2 = await client.queryContractRaw(contract, toUtf8("contract_info"));
  if (cw2 !== null && cw2.length > 0) JSON.parse(Buffer.from(cw2).toString("utf8"));
  return answer;
}

async function findTransactions({ comet, client, unused }, sent) {
  const tx = await client.getTx(sent.transactionHash);
  checkEqual(
    [tx?.hash, tx?.height, tx?.txIndex, tx?.code, tx?.gasUsed],
    [sent.transactionHash, sent.height, sent.txIndex, 0, sent.gasUsed],
    "the transaction found again by its hash",
  );
  const hash = createHash("sha256").update(tx.tx).digest();
  checkEqual(hash.toString("hex").toUpperCase(), sent.transactionHash, "hash of its bytes");
  const atHeight = await client.searchTx(`tx.height=${sent.height}`);
  check(atHeight.some((found) => found.hash === sent.transactionHash), "the transaction is found by height");
  const withProof = await comet.tx({ hash, prove: true });
  checkEqual(withProof.height, sent.height, "height of the transaction with its proof");
  const header = (await comet.block(sent.height)).block.header;
  check(
    Buffer.from(withProof.proof.rootHash).equals(Buffer.from(header.dataHash)),
    "the proof's root is the block's data hash",
  );
  checkEqual(await client.getTx("00".repeat(32)), null, "a transaction that does not exist");
  checkEqual(await client.getAccount(unused), null, "an account that does not exist");
}

async function refusals({ comet, client, sender, recipient, unused }, codeId, contract) {
  const nowhere = unused;
  await checkRejects(client.queryContractSmart(nowhere, {}), /no such contract/i, "a query to no contract");
  await checkRejects(client.getContract(nowhere), /no such contract/i, "the record of no contract");
  await checkRejects(
    client.queryContractSmart(contract, { no_such_query: {} }),
    /Query failed with \(6\).*unknown variant `no_such_query`/s,
    "an unknown query",
  );
  await checkRejects(
    client.execute(sender, contract, { no_such_message: {} }, "auto"),
    /unknown variant `no_such_message`/,
    "the simulation of an unknown message",
  );
  const fee = { amount: [], gas: FAILING_GAS };
  const wrong = executeMessage(sender, contract, { no_such_message: {} });
  const failed = await client.signAndBroadcast(sender, [wrong], fee);
  check(failed.code !== 0, "an unknown message fails in the block");
  check(
    /^failed to execute message; message index: 0: .*unknown variant `no_such_message`/s.test(failed.rawLog),
    `the log of an unknown message starts as wasmd's does, got: ${failed.rawLog}`,
  );
  const lost = await client.signAndBroadcast(sender, [executeMessage(sender, nowhere, {})], fee);
  check(/no such contract/.test(lost.rawLog), `the log of a call to no contract, got: ${lost.rawLog}`);
  await checkRejects(
    client.instantiate(sender, codeId, { no_such_field: 1 }, "refused", fee),
    /Error when broadcasting tx/,
    "an instantiation with a wrong message",
  );
  const amount = [{ denom: settings.denom, amount: "9".repeat(30) }];
  const poor = await client.sendTokens(recipient, sender, amount, fee);
  checkEqual(poor.code, 5, `code of a transfer beyond the balance (${poor.rawLog})`);
  await refusedBeforeTheBlock({ comet, client, sender });
  await checkRejects(comet.block(1_000_000_000), /must be less than or equal to/, "a block of the future");
  await checkRejects(comet.tx({ hash: new Uint8Array(32) }), /not found/, "a transaction that does not exist");
}

/** What CheckTx or the mempool refuses, so that no block ever holds it. */
async function refusedBeforeTheBlock({ comet, client, sender }) {
  const fee = { amount: [], gas: FAILING_GAS };
  const message = sendMessage(sender, sender);
  const { accountNumber, sequence } = await client.getSequence(sender);
  const chainId = await client.getChainId();
  const sign = (data, timeout) => client.sign(sender, [message], fee, "", data, timeout);
  const bytes = async (raw) => TxRaw.encode(await raw).finish();
  const elsewhere = await bytes(sign({ accountNumber, sequence, chainId: "elsewhere-1" }));
  const refused = await checkRejects(
    client.broadcastTxSync(elsewhere),
    /signature verification failed; please verify account number \(\d+\) and chain-id/,
    "a signature for another chain",
  );
  checkEqual([refused.code, refused.codespace], [4, "sdk"], "code of a wrong signature");
  const skipped = await bytes(sign({ accountNumber, sequence: sequence + 5, chainId }));
  const early = await checkRejects(
    client.broadcastTxSync(skipped),
    /account sequence mismatch, expected \d+, got \d+/,
    "a sequence that skips some",
  );
  checkEqual(early.code, 32, "code of a wrong sequence");
  const late = await bytes(sign({ accountNumber, sequence, chainId }, 1n));
  const past = await checkRejects(client.broadcastTxSync(late), /timeout height: 1/, "a past timeout height");
  checkEqual(past.code, 30, "code of a past timeout height");
  const good = await bytes(sign({ accountNumber, sequence, chainId }));
  const hash = await client.broadcastTxSync(good);
  await checkRejects(client.broadcastTxSync(good), /tx already exists in cache/, "the same transaction again");
  const committed = await waitForTx(client, hash);
  checkEqual(committed.code, 0, `code of the transaction that was sent twice (${committed.rawLog})`);
  const garbage = await comet.broadcastTxSync({ tx: new Uint8Array([1, 2, 3]) });
  checkEqual(garbage.code, 2, `code of bytes that are no transaction (${garbage.log})`);
}

async function waitForTx(client, hash) {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const tx = await client.getTx(hash);
    if (tx !== null) return tx;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`expected: transaction ${hash} gets into a block`);
}

function executeMessage(sender, contract, message) {
  return {
    typeUrl: "/cosmwasm.wasm.v1.MsgExecuteContract",
    value: MsgExecuteContract.fromPartial({ sender, contract, msg: toUtf8(JSON.stringify(message)) }),
  };
}

function sendMessage(fromAddress, toAddress) {
  const amount = [{ denom: settings.denom, amount: "1" }];
  return { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: { fromAddress, toAddress, amount } };
}

async function trace({ client }) {
  const graph = process.env.TRACE_GRAPH;
  if (!graph) return undefined;
  return traceEachOnce(client, graph, required("TRACE_ROOT"), {
    units: optionalCount("TRACE_EXPECT_UNITS"),
    links: optionalCount("TRACE_EXPECT_LINKS"),
  });
}

async function main() {
  const run = (name, work) => {
    step = name;
    return work();
  };
  settings = run("settings", readSettings);
  const session = await run("connect", connect);
  const { chainId, height } = await run("read chain", () => readChain(session));
  const sent = await run("send", () => send(session));
  const codeId = await run("upload", () => upload(session));
  const contract = await run("instantiate", () => instantiate(session, codeId));
  const executed = await run("execute", () => execute(session, contract));
  const answer = await run("query", () => query(session, contract));
  await run("find transactions", () => findTransactions(session, sent));
  await run("refusals", () => refusals(session, codeId, contract));
  const proof = await run("state proofs", () => verifyStateProofs(session.comet, contract));
  const traced = await run("trace", () => trace(session));
  return {
    ok: true,
    chain_id: chainId,
    height,
    sender: session.sender,
    send_tx: sent.transactionHash,
    code_id: codeId,
    contract,
    execute_tx: executed.done.transactionHash,
    simulated_gas: executed.gas,
    query: answer,
    proved_at: proof.height,
    trace: traced,
  };
}

try {
  console.log(JSON.stringify(await main()));
  process.exit(0);
} catch (error) {
  console.log(JSON.stringify({ ok: false, step, error: error.message }));
  console.error(error);
  process.exit(1);
}
