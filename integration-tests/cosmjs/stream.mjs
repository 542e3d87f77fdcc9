// CosmJS's Tendermint client on a node's websocket: every method that it has, subscriptions, searches with paging, and
// a second client over HTTP that must be told the same. Prints one line of JSON; the first failure ends it with exit code 1.
//
// Settings (environment): SUYUAN_RPC, SUYUAN_MNEMONIC, SUYUAN_PREFIX, SUYUAN_DENOM.

import { toBech32, toHex } from "@cosmjs/encoding";
import { DirectSecp256k1HdWallet, makeCosmoshubPath } from "@cosmjs/proto-signing";
import { SigningStargateClient } from "@cosmjs/stargate";
import { Comet38Client, connectComet, HttpBatchClient } from "@cosmjs/tendermint-rpc";
import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";

import { check, checkEqual, checkRejects, required } from "./check.mjs";

const TRANSFERS = 7;
const PER_PAGE = 3;
const WAIT_MAX_MS = 20_000;

let step = "settings";
const settings = {};

/** The first `count` events of a stream; rejects when they do not come in time. */
function take(stream, count) {
  return new Promise((resolve, reject) => {
    const taken = [];
    const late = setTimeout(() => reject(new Error(`only ${taken.length} of ${count} events`)), WAIT_MAX_MS);
    const end = (finish) => {
      clearTimeout(late);
      subscription.unsubscribe();
      finish();
    };
    const subscription = stream.subscribe({
      next: (event) => {
        taken.push(event);
        if (taken.length === count) end(() => resolve(taken));
      },
      error: (error) => end(() => reject(error)),
      complete: () => end(() => reject(new Error("the stream has ended"))),
    });
  });
}

async function connect() {
  const socketUrl = settings.rpc.replace(/^http/, "ws");
  const socket = await connectComet(socketUrl);
  check(socket instanceof Comet38Client, "CosmJS chooses its decoder for CometBFT 0.38");
  const http = await Comet38Client.create(new HttpBatchClient(settings.rpc));
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(settings.mnemonic, {
    prefix: settings.prefix,
    hdPaths: [makeCosmoshubPath(0)],
  });
  const client = await SigningStargateClient.createWithSigner(http, wallet);
  const [account] = await wallet.getAccounts();
  return { socket, http, client, sender: account.address };
}

/** Signs `count` transfers ahead, so that nothing but the node takes time. */
async function signed({ client, sender }, count) {
  const { accountNumber, sequence } = await client.getSequence(sender);
  const chainId = await client.getChainId();
  const fee = { amount: [], gas: "200000" };
  const txs = [];
  for (let i = 0; i < count; i += 1) {
    const recipient = toBech32(settings.prefix, new Uint8Array(20).fill(i + 1));
    const value = MsgSend.fromPartial({
      fromAddress: sender,
      toAddress: recipient,
      amount: [{ denom: settings.denom, amount: String(1_000 + i) }],
    });
    const messages = [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value }];
    const signer = { accountNumber, sequence: sequence + i, chainId };
    const tx = await client.sign(sender, messages, fee, "", signer);
    txs.push({ bytes: TxRaw.encode(tx).finish(), recipient });
  }
  return txs;
}

async function streams({ socket, client, sender }) {
  const blocks = take(socket.subscribeNewBlock(), TRANSFERS);
  const headers = take(socket.subscribeNewBlockHeader(), TRANSFERS);
  const all = take(socket.subscribeTx(), TRANSFERS);
  const txs = await signed({ client, sender }, TRANSFERS);
  const one = take(socket.subscribeTx(`transfer.recipient='${txs[2].recipient}'`), 1);
  // A call that is answered shows that the subscriptions before it stand.
  await socket.status();
  for (const { bytes } of txs) {
    const done = await socket.broadcastTxCommit({ tx: bytes });
    checkEqual([done.checkTx.code, done.deliverTx?.code], [0, 0], "codes of a transfer");
  }
  const heard = await all;
  heard.forEach((event, i) => checkEqual(toHex(event.tx), toHex(txs[i].bytes), `transaction ${i} of the stream`));
  check(heard.every((event) => event.result.events.some((e) => e.type === "transfer")), "events of each transaction");
  const [found] = await one;
  checkEqual(toHex(found.tx), toHex(txs[2].bytes), "the transaction with this recipient");
  const seen = (await blocks).map((block) => block.header.height);
  const stood = (await headers).map((header) => header.height);
  const follow = (heights) => heights.every((height, i) => i === 0 || height === heights[i - 1] + 1);
  check(follow(seen) && follow(stood), `heights that follow each other: ${seen} and ${stood}`);
  return { heights: heard.map((event) => event.height), txs };
}

async function streamAgain({ socket, client, sender }) {
  for (let round = 0; round < 2; round += 1) {
    const heard = take(socket.subscribeTx(), 1);
    await socket.status();
    const [{ bytes }] = await signed({ client, sender }, 1);
    await socket.broadcastTxCommit({ tx: bytes });
    const [event] = await heard;
    checkEqual(toHex(event.tx), toHex(bytes), `the transaction of round ${round}`);
  }
}

async function searches({ socket, http, sender }, { heights, txs }) {
  const query = `message.sender='${sender}' AND message.action='/cosmos.bank.v1beta1.MsgSend'`;
  const everything = await http.txSearchAll({ query, per_page: PER_PAGE });
  check(everything.totalCount >= TRANSFERS, "all transfers are found");
  const pages = [];
  for (let page = 1; (page - 1) * PER_PAGE < everything.totalCount; page += 1) {
    const found = await socket.txSearch({ query, page, per_page: PER_PAGE, order_by: "asc" });
    checkEqual(found.totalCount, everything.totalCount, "total of a page");
    pages.push(...found.txs);
  }
  const hashes = (list) => list.map((tx) => toHex(tx.hash));
  checkEqual(hashes(pages), hashes(everything.txs), "pages put together");
  const down = await http.txSearch({ query, per_page: 100, order_by: "desc" });
  checkEqual(hashes(down.txs), hashes(everything.txs).reverse(), "newest first");
  const proved = await http.txSearch({ query: `tx.height=${heights[1]}`, prove: true });
  checkEqual(toHex(proved.txs[0].tx), toHex(txs[1].bytes), "the transaction of a height");
  check(proved.txs[0].proof.rootHash.length === 32, "a proof of inclusion");
  const ranged = `tx.height >= ${heights[0]} AND tx.height <= ${heights[4]} AND transfer.amount > 1001`;
  const some = await http.txSearch({ query: ranged });
  checkEqual(some.totalCount, 3, "transfers of a range above an amount");
  const blocks = await http.blockSearchAll({ query: `block.height >= ${heights[0]}`, per_page: 2 });
  check(blocks.totalCount >= TRANSFERS, "blocks of a range");
  await checkRejects(http.txSearch({ query, page: 1_000 }), /page should be within/, "a page beyond the last");
  await checkRejects(http.txSearch({ query: "a=" }), /failed to parse query/, "a query without a value");
}

async function sameFromBothSides({ socket, http }, { heights, txs }) {
  const height = heights[0];
  const text = (value) =>
    JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}n` : inner instanceof Uint8Array ? toHex(inner) : inner));
  for (const [name, ask] of Object.entries({
    block: (client) => client.block(height),
    blockResults: (client) => client.blockResults(height),
    blockchain: (client) => client.blockchain(height, height),
    commit: (client) => client.commit(height),
    genesis: (client) => client.genesis(),
    validators: (client) => client.validatorsAll(height),
    tx: async (client) => client.tx({ hash: (await client.txSearch({ query: `tx.height=${height}` })).txs[0].hash, prove: true }),
  })) {
    checkEqual(text(await ask(socket)), text(await ask(http)), name);
  }
  await socket.health();
  await socket.abciInfo();
  await socket.numUnconfirmedTxs();
  const again = await socket.broadcastTxSync({ tx: txs[0].bytes }).catch((error) => error);
  check(again instanceof Error ? /already exists/.test(again.message) : again.code !== 0, "a replay is refused");
  await checkRejects(socket.block(99_999_999), /must be less than or equal to the current blockchain height/, "a height ahead");
}

async function main() {
  Object.assign(settings, {
    rpc: required("SUYUAN_RPC"),
    mnemonic: required("SUYUAN_MNEMONIC"),
    prefix: required("SUYUAN_PREFIX"),
    denom: required("SUYUAN_DENOM"),
  });
  const run = async (name, work) => {
    step = name;
    return work();
  };
  const world = await run("connect", connect);
  const played = await run("streams", () => streams(world));
  await run("stream again", () => streamAgain(world));
  await run("searches", () => searches(world, played));
  await run("both sides", () => sameFromBothSides(world, played));
  world.socket.disconnect();
  return { ok: true, heights: played.heights };
}

main().then(
  (report) => {
    console.log(JSON.stringify(report));
    process.exit(0);
  },
  (error) => {
    console.log(JSON.stringify({ ok: false, step, error: String(error?.message ?? error) }));
    process.exit(1);
  },
);
