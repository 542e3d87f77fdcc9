#!/usr/bin/env python3
"""Makes a home as CosmJS's own, gated specs expect a chain, and says how to start its node.

    home.py wasmd  HOME SUYUAN NODE_JSON      the cosmwasm specs (NODE_JSON: node.json of tools/cosmjs-suite)
    home.py simapp HOME SUYUAN COSMJS         the stargate specs (COSMJS: a clone of cosmos/cosmjs)

SUYUAN is the program. HOME must not exist.
"""

import json
import os
import re
import subprocess
import sys

CAPABILITIES = "iterator,staking,stargate,cosmwasm_1_1,cosmwasm_1_2,cosmwasm_1_3,cosmwasm_1_4,cosmwasm_2_0,cosmwasm_2_1,cosmwasm_2_2"
BLOCK = {"max_bytes": "22020096", "max_gas": "-1"}
SIMAPP = "scripts/simapp53/template/.simapp/config/genesis.json"
TESTUTILS = "packages/stargate/src/testutils.ts"


def init(home, program, chain, prefix):
    """A home with the defaults; its genesis."""
    words = ["init", "--home", home, "--chain-id", chain, "--prefix", prefix, "--denom", "ucosm"]
    env = {"HOME": home, "PATH": os.environ["PATH"]}
    subprocess.run([program, *words, "--capabilities", CAPABILITIES], check=True, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(f"{home}/config/genesis.json", encoding="utf-8") as file:
        return json.load(file)


def wasmd(genesis, source):
    """29 accounts with coins, numbered as node.json says."""
    with open(source, encoding="utf-8") as file:
        wanted = json.load(file)["genesis"]
    state = genesis["app_state"]
    accounts = wanted["accounts"]
    state["auth"]["accounts"] = [{"address": a["address"], "account_number": str(a["account_number"])} for a in accounts]
    state["bank"]["balances"] = [{"address": a["address"], "coins": wanted["balances_each"]} for a in accounts]


def simapp(genesis, source):
    """Accounts, balances and metadata of CosmJS's own template; the validator's account has signed once."""
    with open(f"{source}/{SIMAPP}", encoding="utf-8") as file:
        template = json.load(file)["app_state"]
    with open(f"{source}/{TESTUTILS}", encoding="utf-8") as file:
        utils = file.read()
    utils = utils[utils.index("export const validator") :]
    signer = re.search(r'delegatorAddress: "(cosmos1[a-z0-9]+)"', utils).group(1)
    key = re.search(r'type: "tendermint/PubKeySecp256k1",\s*value: "([^"]+)"', utils).group(1)
    state = genesis["app_state"]
    accounts = sorted(template["auth"]["accounts"], key=lambda a: int(a["account_number"]))
    state["auth"]["accounts"] = [{"address": a["address"], "account_number": a["account_number"]} for a in accounts]
    for account in state["auth"]["accounts"]:
        if account["address"] == signer:
            account |= {"pub_key": {"@type": "/cosmos.crypto.secp256k1.PubKey", "key": key}, "sequence": "1"}
    state["bank"]["balances"] = template["bank"]["balances"]
    state["bank"]["denom_metadata"] = template["bank"]["denom_metadata"]


CHAINS = {"wasmd": (wasmd, "testing", "wasm", 26659), "simapp": (simapp, "simd-testing", "cosmos", 26658)}


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in CHAINS:
        sys.exit(__doc__)
    name, home, program, source = sys.argv[1:]
    if os.path.exists(home):
        sys.exit(f"{home} exists")
    fill, chain, prefix, port = CHAINS[name]
    genesis = init(home, program, chain, prefix)
    fill(genesis, source)
    genesis["consensus_params"]["block"] = BLOCK
    with open(f"{home}/config/genesis.json", "w", encoding="utf-8") as file:
        json.dump(genesis, file, indent=1)
    print(f"{program} start --home {home} --rpc.laddr 127.0.0.1:{port} --block-time 1s")


if __name__ == "__main__":
    main()
