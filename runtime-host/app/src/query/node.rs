//! What the chain knows of the node service's answers: the least price of gas, which is a rule of the chain here.

use super::{encode, unknown_path, Answer, View};
use cosmos_sdk_proto::cosmos::base::node::v1beta1::ConfigResponse;

pub(super) fn answer(view: &View<'_>, method: &str) -> Answer {
    if method != "Config" {
        return Err(unknown_path());
    }
    let prices: Vec<String> =
        view.facts.stored.minimum_gas_prices.iter().map(ToString::to_string).collect();
    encode(&ConfigResponse { minimum_gas_price: prices.join(","), ..ConfigResponse::default() })
}
