//! The curve BLS12-381.

use cosmwasm_crypto::{
    bls12_381_aggregate_g1, bls12_381_aggregate_g2, bls12_381_hash_to_g1, bls12_381_hash_to_g2,
    bls12_381_pairing_equality, HashFunction,
};

use super::ecdsa::verdict;
use crate::host::{Host, Step};
use crate::limits::{BLS_DST_MAX, BLS_MESSAGE_MAX, BLS_POINTS_MAX, G1_POINT, G2_POINT};
use crate::region;

const SUCCESS: u32 = 0;

pub(crate) fn aggregate_g1(host: &mut Host, memory: &mut [u8], points: u32, out: u32) -> Step<u32> {
    let points = region::read(host, memory, points, BLS_POINTS_MAX)?;
    let price = host.prices.bls12_381_aggregate_g1;
    host.charge_linear(price, points.len() / G1_POINT as usize)?;
    match bls12_381_aggregate_g1(points) {
        Ok(point) => finish(host, memory, out, &point),
        Err(error) => Ok(error.code()),
    }
}

pub(crate) fn aggregate_g2(host: &mut Host, memory: &mut [u8], points: u32, out: u32) -> Step<u32> {
    let points = region::read(host, memory, points, BLS_POINTS_MAX)?;
    let price = host.prices.bls12_381_aggregate_g2;
    host.charge_linear(price, points.len() / G2_POINT as usize)?;
    match bls12_381_aggregate_g2(points) {
        Ok(point) => finish(host, memory, out, &point),
        Err(error) => Ok(error.code()),
    }
}

fn finish(host: &mut Host, memory: &mut [u8], out: u32, point: &[u8]) -> Step<u32> {
    region::write(host, memory, out, point)?;
    Ok(SUCCESS)
}

pub(crate) fn pairing_equality(
    host: &mut Host,
    memory: &mut [u8],
    (ps, qs, r, s): (u32, u32, u32, u32),
) -> Step<u32> {
    let ps = region::read(host, memory, ps, BLS_POINTS_MAX)?;
    let qs = region::read(host, memory, qs, BLS_POINTS_MAX)?;
    let r = region::read(host, memory, r, G1_POINT)?;
    let s = region::read(host, memory, s, G2_POINT)?;
    let price = host.prices.bls12_381_pairing_equality;
    // One pairing for each point on the left and one on the right.
    host.charge_linear(price, ps.len() / G1_POINT as usize + 1)?;
    Ok(verdict(bls12_381_pairing_equality(ps, qs, r, s)))
}

pub(crate) fn hash_to_g1(
    host: &mut Host,
    memory: &mut [u8],
    function: u32,
    (message, dst, out): (u32, u32, u32),
) -> Step<u32> {
    let text = region::read(host, memory, message, BLS_MESSAGE_MAX)?;
    let tag = region::read(host, memory, dst, BLS_DST_MAX)?;
    let price = host.prices.bls12_381_hash_to_g1;
    host.charge(price)?;
    let function = match HashFunction::from_u32(function) {
        Ok(function) => function,
        Err(error) => return Ok(error.code()),
    };
    let point = bls12_381_hash_to_g1(function, text, tag);
    finish(host, memory, out, &point)
}

pub(crate) fn hash_to_g2(
    host: &mut Host,
    memory: &mut [u8],
    function: u32,
    (message, dst, out): (u32, u32, u32),
) -> Step<u32> {
    let text = region::read(host, memory, message, BLS_MESSAGE_MAX)?;
    let tag = region::read(host, memory, dst, BLS_DST_MAX)?;
    let price = host.prices.bls12_381_hash_to_g2;
    host.charge(price)?;
    let function = match HashFunction::from_u32(function) {
        Ok(function) => function,
        Err(error) => return Ok(error.code()),
    };
    let point = bls12_381_hash_to_g2(function, text, tag);
    finish(host, memory, out, &point)
}
