//! Balances: who holds how much, and the only ways it moves.

pub(crate) mod coins;
pub(crate) mod metadata;
pub(crate) mod state_key;

use crate::error::{self, Run, UserError};
use crate::exec::Exec;
use crate::gas;
use crate::modules::auth;
use state_key::STORE;
use suyuan_core::{coins_text, Coin, Event, HostFault, Hosted};

/// The balance of `addr` in `denom`.
pub(crate) fn balance(exec: &mut Exec<'_>, addr: &[u8], denom: &str) -> Run<u128> {
    amount_at(exec, &state_key::balance(addr, denom))
}

/// How much of `denom` exists.
pub(crate) fn supply(exec: &mut Exec<'_>, denom: &str) -> Run<u128> {
    amount_at(exec, &state_key::supply(denom))
}

fn amount_at(exec: &mut Exec<'_>, key: &[u8]) -> Run<u128> {
    Ok(exec.read(STORE, key)?.map_or(Ok(0), |bytes| amount_of(&bytes))?)
}

/// An amount as stored: decimal text, as the SDK stores its integers.
pub(crate) fn amount_of(bytes: &[u8]) -> Hosted<u128> {
    std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| HostFault::new("an amount in state is not a number"))
}

/// Moves `coins`, creates the receiver's account if need be, and reports it: spent, received, transfer, message.
///
/// # Errors
/// Insufficient funds, in the SDK's words.
pub(crate) fn send(exec: &mut Exec<'_>, from: &[u8], to: &[u8], coins: &[Coin]) -> Run<()> {
    take(exec, from, coins)?;
    give(exec, to, coins)?;
    auth::ensure(exec, to)?;
    let (from, to, amount) = (exec.facts.text(from), exec.facts.text(to), coins_text(coins));
    exec.emit(
        Event::new("transfer").with("recipient", to).with("sender", &from).with("amount", amount),
    );
    exec.emit(Event::new("message").with("sender", from));
    Ok(())
}

/// [`send`] on behalf of a module that talks to the keeper: refuses blocked receivers, without the `message` event.
pub(crate) fn send_quietly(exec: &mut Exec<'_>, from: &[u8], to: &[u8], coins: &[Coin]) -> Run<()> {
    refuse_blocked(exec, to)?;
    let before = exec.events.len();
    send(exec, from, to, coins)?;
    let moved = exec.events.split_off(before);
    exec.events.extend(moved.into_iter().filter(|e| e.kind != "message"));
    Ok(())
}

/// Refuses module accounts as receivers.
pub(crate) fn refuse_blocked(exec: &Exec<'_>, to: &[u8]) -> Result<(), UserError> {
    if exec.facts.is_blocked(to) {
        let text = exec.facts.text(to);
        return Err(
            error::UNAUTHORIZED.with(format_args!("{text} is not allowed to receive funds"))
        );
    }
    Ok(())
}

/// Destroys `coins` of `from`, by way of the module account `module`.
pub(crate) fn burn(exec: &mut Exec<'_>, from: &[u8], module: &[u8], coins: &[Coin]) -> Run<()> {
    send(exec, from, module, coins).map_err(|e| e.wrap("transfer to module"))?;
    take(exec, module, coins)?;
    for coin in coins {
        let left = supply(exec, &coin.denom)?
            .checked_sub(coin.amount)
            .ok_or_else(|| HostFault::new("supply below a balance"))?;
        set_supply(exec, &coin.denom, left)?;
    }
    let burner = exec.facts.text(module);
    exec.emit(Event::new("burn").with("burner", burner).with("amount", coins_text(coins)));
    Ok(())
}

/// Creates `coins` for `to`; genesis only.
pub(crate) fn mint(exec: &mut Exec<'_>, to: &[u8], coins: &[Coin]) -> Run<()> {
    for coin in coins {
        let held = balance(exec, to, &coin.denom)?;
        let total = supply(exec, &coin.denom)?;
        let overflow =
            || error::INVALID_COINS.with(format_args!("supply of {} overflows", coin.denom));
        set_supply(exec, &coin.denom, total.checked_add(coin.amount).ok_or_else(overflow)?)?;
        set_balance(
            exec,
            to,
            &coin.denom,
            held,
            held.checked_add(coin.amount).ok_or_else(overflow)?,
        )?;
    }
    Ok(())
}

/// Pays for asking whether these coins may be sent; here they always may.
pub(crate) fn charge_send_enabled(exec: &mut Exec<'_>, coins: &[Coin]) -> Run<()> {
    let denoms = coins.iter().map(|coin| coin.denom.as_str());
    exec.gas.charge(gas::send_enabled(denoms), "ReadPerByte")
}

/// The SDK looks at the account first: coins of some may be locked. Here none are, the reading is paid all the same.
fn take(exec: &mut Exec<'_>, from: &[u8], coins: &[Coin]) -> Run<()> {
    auth::charge_read(exec, from)?;
    for coin in coins {
        let held = balance(exec, from, &coin.denom)?;
        let Some(left) = held.checked_sub(coin.amount) else {
            let denom = &coin.denom;
            let text = format!("spendable balance {held}{denom} is smaller than {coin}");
            return Err(error::INSUFFICIENT_FUNDS.with(text).into());
        };
        set_balance(exec, from, &coin.denom, held, left)?;
    }
    let spender = exec.facts.text(from);
    exec.emit(Event::new("coin_spent").with("spender", spender).with("amount", coins_text(coins)));
    Ok(())
}

fn give(exec: &mut Exec<'_>, to: &[u8], coins: &[Coin]) -> Run<()> {
    for coin in coins {
        let held = balance(exec, to, &coin.denom)?;
        // The supply fits 128 bits, so no balance can overflow.
        let sum = held
            .checked_add(coin.amount)
            .ok_or_else(|| HostFault::new("a balance above the supply"))?;
        set_balance(exec, to, &coin.denom, held, sum)?;
    }
    let receiver = exec.facts.text(to);
    exec.emit(
        Event::new("coin_received").with("receiver", receiver).with("amount", coins_text(coins)),
    );
    Ok(())
}

/// Writes a balance; zero is no record. The index by denomination changes only between "none" and "some"; the SDK writes
/// it each time, and so it is paid.
fn set_balance(
    exec: &mut Exec<'_>,
    addr: &[u8],
    denom: &str,
    before: u128,
    after: u128,
) -> Run<()> {
    let key = state_key::balance(addr, denom);
    if after == 0 {
        exec.remove(STORE, &key)?;
        return exec.remove(STORE, &state_key::holder(denom, addr));
    }
    exec.write(STORE, &key, after.to_string().as_bytes())?;
    let holder = state_key::holder(denom, addr);
    if before == 0 {
        return exec.write(STORE, &holder, state_key::HOLDER_VALUE);
    }
    exec.gas.charge(gas::write(holder.len(), state_key::HOLDER_VALUE.len()), "WritePerByte")
}

fn set_supply(exec: &mut Exec<'_>, denom: &str, amount: u128) -> Run<()> {
    let key = state_key::supply(denom);
    if amount == 0 {
        return exec.remove(STORE, &key);
    }
    exec.write(STORE, &key, amount.to_string().as_bytes())
}
