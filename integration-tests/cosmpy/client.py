"""Acceptance of a Suyuan node by an unmodified cosmpy: balances, transfers, a contract, and what is refused.

Settings (environment): COSMPY_URL (grpc+http://HOST:PORT or rest+http://HOST:PORT), CHAIN_ID, SUYUAN_MNEMONIC,
SUYUAN_PREFIX, SUYUAN_DENOM, WASM_FILE. Prints one line of JSON; the first failure ends it with exit code 1.
"""

import json
import os
import sys

from cosmpy.aerial.client import LedgerClient, NetworkConfig
from cosmpy.aerial.contract import LedgerContract
from cosmpy.aerial.exceptions import BroadcastError, NotFoundError
from cosmpy.aerial.tx import TxFee
from cosmpy.aerial.wallet import LocalWallet

AMOUNT = 1234
START = 41

step = "settings"


def check(condition, what):
    if not condition:
        raise AssertionError(f"expected: {what}")


def connect(setting):
    config = NetworkConfig(
        chain_id=setting["CHAIN_ID"],
        url=setting["COSMPY_URL"],
        fee_minimum_gas_price=0.001,
        fee_denomination=setting["SUYUAN_DENOM"],
        staking_denomination=setting["SUYUAN_DENOM"],
    )
    client = LedgerClient(config, query_interval_secs=1, query_timeout_secs=30)
    wallet = LocalWallet.from_mnemonic(setting["SUYUAN_MNEMONIC"], prefix=setting["SUYUAN_PREFIX"])
    return client, wallet


def transfers(client, wallet, setting):
    other = LocalWallet.generate(prefix=setting["SUYUAN_PREFIX"])
    denom = setting["SUYUAN_DENOM"]
    check(client.query_bank_balance(other.address(), denom=denom) == 0, "no balance of a new address")
    before = client.query_bank_balance(wallet.address(), denom=denom)
    sent = client.send_tokens(other.address(), AMOUNT, denom, wallet, memo="by cosmpy")
    sent.wait_to_complete()
    check(sent.response.code == 0, "a transfer succeeds")
    check("transfer" in sent.response.events, "events of the transfer")
    check(client.query_bank_balance(other.address(), denom=denom) == AMOUNT, "the amount has arrived")
    check(client.query_bank_balance(wallet.address(), denom=denom) < before - AMOUNT, "a fee was paid")
    found = client.query_tx(sent.tx_hash)
    check(found.height == sent.response.height and found.gas_used > 0, "the transaction is found")
    account = client.query_account(wallet.address())
    check(account.sequence >= 1, "the sequence has risen")
    return other


def refusals(client, other, setting):
    try:
        client.query_tx("AB" * 32)
        check(False, "an unknown transaction is not found")
    except NotFoundError:
        pass
    denom = setting["SUYUAN_DENOM"]
    too_much = None
    try:
        spend = client.send_tokens(LocalWallet.generate(prefix=setting["SUYUAN_PREFIX"]).address(), AMOUNT * 10, denom, other, fee=TxFee(gas_limit=200_000))
        spend.wait_to_complete()
    except (BroadcastError, RuntimeError) as error:
        too_much = str(error)
    check(too_much is not None and "insufficient" in too_much, f"an overdraft is refused, got {too_much}")


def contract(client, wallet, setting):
    counter = LedgerContract(setting["WASM_FILE"], client)
    code = counter.store(wallet)
    check(code >= 1, "a code id")
    address = counter.instantiate({"start": START}, wallet, label="by cosmpy")
    check(str(address).startswith(setting["SUYUAN_PREFIX"]), "an address of the contract")
    counter.execute({"increment": {}}, wallet).wait_to_complete()
    check(counter.query({"count": {}})["count"] == START + 1, "the counter has risen")
    return {"code": code, "contract": str(address)}


def main():
    global step
    names = ["COSMPY_URL", "CHAIN_ID", "SUYUAN_MNEMONIC", "SUYUAN_PREFIX", "SUYUAN_DENOM", "WASM_FILE"]
    setting = {name: os.environ[name] for name in names}
    step = "connect"
    client, wallet = connect(setting)
    step = "transfers"
    other = transfers(client, wallet, setting)
    step = "refusals"
    refusals(client, other, setting)
    step = "contract"
    return {"ok": True, **contract(client, wallet, setting)}


if __name__ == "__main__":
    try:
        print(json.dumps(main()))
    except Exception as error:  # the report is the only output
        print(json.dumps({"ok": False, "step": step, "error": f"{type(error).__name__}: {error}"}))
        sys.exit(1)
