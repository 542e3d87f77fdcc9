//! The thin layer between the engine and the functions in `imports`.
//!
//! Around every import: read the gas counter from the instance, charge the call, work, write the counter back. Bytes
//! for the contract go through its own `allocate`, which runs contract code inside an import; a counter of entries
//! keeps that from recursing.

use wasmtime::{AsContextMut, Caller, Engine, Linker, Val};

use crate::error::GuestError;
use crate::host::{Handles, Host, Step, Stop};
use crate::imports::{address, bls, chain, ecdsa, ed25519, storage, Reply};
use crate::limits::{CALL_DEPTH_MAX, PAGE_BYTES};
use crate::region;

type Answer<T> = wasmtime::Result<T>;
type Guest<'a> = Caller<'a, Host>;

/// Wraps a stop so that it travels through the engine.
pub(crate) fn raise(stop: Stop) -> wasmtime::Error {
    wasmtime::Error::new(stop)
}

fn no_instance() -> Stop {
    Stop::Fault(suyuan_core::HostFault::new("an import was called outside an instance"))
}

/// Copies the instance's gas counter into the meter. A negative counter is the end.
pub(crate) fn take_gas(mut store: impl AsContextMut<Data = Host>, handles: &Handles) -> Step<()> {
    let left = match handles.gas.get(&mut store) {
        Val::I64(left) => left,
        _ => return Err(no_instance()),
    };
    let mut context = store.as_context_mut();
    let meter = &mut context.data_mut().meter;
    match u64::try_from(left) {
        Ok(left) => {
            meter.left = left;
            Ok(())
        }
        Err(_) => {
            meter.left = 0;
            Err(Stop::Guest(GuestError::OutOfGas))
        }
    }
}

/// Copies the meter into the instance's gas counter.
pub(crate) fn give_gas(mut store: impl AsContextMut<Data = Host>, handles: &Handles) -> Step<()> {
    let left = store.as_context_mut().data().meter.left;
    // The meter never exceeds the limit of the call, which is at most i64::MAX.
    let left = i64::try_from(left).unwrap_or(i64::MAX);
    handles.gas.set(store, Val::I64(left)).map_err(|_| no_instance())
}

/// Runs `work` on the host's data and the contract's memory, between two copies of the gas counter.
pub(crate) fn with_memory<T>(
    mut store: impl AsContextMut<Data = Host>,
    work: impl FnOnce(&mut Host, &mut [u8]) -> Step<T>,
) -> Step<T> {
    let handles = store.as_context_mut().data().handles.ok_or_else(no_instance)?;
    take_gas(&mut store, &handles)?;
    let pages = match handles.pages.get(&mut store) {
        Val::I32(pages) => pages as u32 as usize,
        _ => return Err(no_instance()),
    };
    let (memory, host) = handles.memory.data_and_store_mut(&mut store);
    let own = memory.get_mut(..pages * PAGE_BYTES).ok_or_else(no_instance)?;
    let done = work(host, own);
    give_gas(&mut store, &handles)?;
    done
}

/// One import: charge the call, then work.
fn import<T>(
    caller: &mut Guest<'_>,
    work: impl FnOnce(&mut Host, &mut [u8]) -> Step<T>,
) -> Answer<T> {
    with_memory(caller, |host, memory| {
        let price = host.prices.host_call;
        host.charge(price)?;
        work(host, memory)
    })
    .map_err(raise)
}

/// One import that may give bytes back.
fn import_bytes(
    caller: &mut Guest<'_>,
    work: impl FnOnce(&mut Host, &mut [u8]) -> Step<Reply>,
) -> Answer<u32> {
    match import(caller, work)? {
        Reply::Code(code) => Ok(code),
        Reply::Bytes(bytes) => hand_over(caller, &bytes),
    }
}

/// Enters the contract one level deeper.
pub(crate) fn descend(host: &mut Host) -> Step<()> {
    if host.depth >= CALL_DEPTH_MAX {
        return Err(Stop::Guest(GuestError::CallDepth));
    }
    host.depth += 1;
    Ok(())
}

/// Has the contract allocate a region for `bytes`, fills it, and returns the pointer.
pub(crate) fn hand_over(mut store: impl AsContextMut<Data = Host>, bytes: &[u8]) -> Answer<u32> {
    let size = u32::try_from(bytes.len())
        .map_err(|_| raise(region::bad("more than 4 GiB for the contract")))?;
    let handles = {
        let mut context = store.as_context_mut();
        let host = context.data_mut();
        descend(host).map_err(raise)?;
        host.handles.ok_or_else(|| raise(no_instance()))?
    };
    let pointer = handles.allocate.call(&mut store, &[size])?;
    store.as_context_mut().data_mut().depth -= 1;
    if pointer == 0 {
        return Err(raise(region::bad("Got a zero Wasm address")));
    }
    with_memory(&mut store, |host, memory| region::write(host, memory, pointer, bytes))
        .map_err(raise)?;
    Ok(pointer)
}

/// A recovered key as (0, pointer), or an error code as (code, 0): high and low half.
fn key_or_code(caller: &mut Guest<'_>, recovered: Result<Vec<u8>, u32>) -> Answer<u64> {
    match recovered {
        Ok(key) => hand_over(caller, &key).map(u64::from),
        Err(code) => Ok(u64::from(code) << 32),
    }
}

/// All imports of [`crate::signatures::IMPORTS`].
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    link_storage(&mut linker)?;
    link_chain(&mut linker)?;
    link_signatures(&mut linker)?;
    link_bls(&mut linker)?;
    Ok(linker)
}

const ENV: &str = "env";

fn link_storage(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(ENV, "db_read", |mut caller: Guest<'_>, key: u32| {
        import_bytes(&mut caller, |host, memory| storage::db_read(host, memory, key))
    })?;
    linker.func_wrap(ENV, "db_write", |mut caller: Guest<'_>, key: u32, value: u32| {
        import(&mut caller, |host, memory| storage::db_write(host, memory, key, value))
    })?;
    linker.func_wrap(ENV, "db_remove", |mut caller: Guest<'_>, key: u32| {
        import(&mut caller, |host, memory| storage::db_remove(host, memory, key))
    })?;
    linker.func_wrap(
        ENV,
        "db_scan",
        |mut caller: Guest<'_>, start: u32, end: u32, order: i32| {
            import(&mut caller, |host, memory| storage::db_scan(host, memory, start, end, order))
        },
    )?;
    linker.func_wrap(ENV, "db_next", |mut caller: Guest<'_>, iterator: u32| {
        import_bytes(&mut caller, |host, _| storage::db_next(host, iterator))
    })?;
    linker.func_wrap(ENV, "db_next_key", |mut caller: Guest<'_>, iterator: u32| {
        import_bytes(&mut caller, |host, _| storage::db_next_key(host, iterator))
    })?;
    linker.func_wrap(ENV, "db_next_value", |mut caller: Guest<'_>, iterator: u32| {
        import_bytes(&mut caller, |host, _| storage::db_next_value(host, iterator))
    })?;
    Ok(())
}

fn link_chain(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(ENV, "addr_validate", |mut caller: Guest<'_>, source: u32| {
        import_bytes(&mut caller, |host, memory| address::addr_validate(host, memory, source))
    })?;
    linker.func_wrap(
        ENV,
        "addr_canonicalize",
        |mut caller: Guest<'_>, source: u32, out: u32| {
            import_bytes(&mut caller, |host, memory| {
                address::addr_canonicalize(host, memory, source, out)
            })
        },
    )?;
    linker.func_wrap(ENV, "addr_humanize", |mut caller: Guest<'_>, source: u32, out: u32| {
        import_bytes(&mut caller, |host, memory| address::addr_humanize(host, memory, source, out))
    })?;
    linker.func_wrap(ENV, "query_chain", |mut caller: Guest<'_>, request: u32| {
        import_bytes(&mut caller, |host, memory| chain::query_chain(host, memory, request))
    })?;
    linker.func_wrap(ENV, "debug", |mut caller: Guest<'_>, message: u32| {
        import(&mut caller, |host, memory| chain::debug(host, memory, message))
    })?;
    linker.func_wrap(ENV, "abort", |mut caller: Guest<'_>, message: u32| {
        import(&mut caller, |host, memory| chain::abort(host, memory, message))
    })?;
    Ok(())
}

fn link_signatures(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    let curves = [
        ("secp256k1_verify", "secp256k1_recover_pubkey", &ecdsa::SECP256K1),
        ("secp256r1_verify", "secp256r1_recover_pubkey", &ecdsa::SECP256R1),
    ];
    for (verify, recover, curve) in curves {
        linker.func_wrap(
            ENV,
            verify,
            move |mut caller: Guest<'_>, hash: u32, signature: u32, pubkey: u32| {
                import(&mut caller, |host, memory| {
                    ecdsa::verify(host, memory, curve, (hash, signature, pubkey))
                })
            },
        )?;
        linker.func_wrap(
            ENV,
            recover,
            move |mut caller: Guest<'_>, hash: u32, signature: u32, param: u32| {
                let recovered = import(&mut caller, |host, memory| {
                    ecdsa::recover(host, memory, curve, (hash, signature, param))
                })?;
                key_or_code(&mut caller, recovered)
            },
        )?;
    }
    linker.func_wrap(
        ENV,
        "ed25519_verify",
        |mut caller: Guest<'_>, message: u32, signature: u32, pubkey: u32| {
            import(&mut caller, |host, memory| {
                ed25519::verify(host, memory, message, signature, pubkey)
            })
        },
    )?;
    linker.func_wrap(
        ENV,
        "ed25519_batch_verify",
        |mut caller: Guest<'_>, messages: u32, signatures: u32, pubkeys: u32| {
            import(&mut caller, |host, memory| {
                ed25519::batch_verify(host, memory, messages, signatures, pubkeys)
            })
        },
    )?;
    Ok(())
}

fn link_bls(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(
        ENV,
        "bls12_381_aggregate_g1",
        |mut caller: Guest<'_>, points: u32, out: u32| {
            import(&mut caller, |host, memory| bls::aggregate_g1(host, memory, points, out))
        },
    )?;
    linker.func_wrap(
        ENV,
        "bls12_381_aggregate_g2",
        |mut caller: Guest<'_>, points: u32, out: u32| {
            import(&mut caller, |host, memory| bls::aggregate_g2(host, memory, points, out))
        },
    )?;
    linker.func_wrap(
        ENV,
        "bls12_381_pairing_equality",
        |mut caller: Guest<'_>, ps: u32, qs: u32, r: u32, s: u32| {
            import(&mut caller, |host, memory| bls::pairing_equality(host, memory, (ps, qs, r, s)))
        },
    )?;
    linker.func_wrap(
        ENV,
        "bls12_381_hash_to_g1",
        |mut caller: Guest<'_>, function: u32, message: u32, dst: u32, out: u32| {
            import(&mut caller, |host, memory| {
                bls::hash_to_g1(host, memory, function, (message, dst, out))
            })
        },
    )?;
    linker.func_wrap(
        ENV,
        "bls12_381_hash_to_g2",
        |mut caller: Guest<'_>, function: u32, message: u32, dst: u32, out: u32| {
            import(&mut caller, |host, memory| {
                bls::hash_to_g2(host, memory, function, (message, dst, out))
            })
        },
    )?;
    Ok(())
}
