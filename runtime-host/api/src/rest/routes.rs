//! The table of REST paths: those of the SDK's and wasmd's `google.api.http` annotations.

use std::io;

use prost_reflect::{DescriptorPool, MethodDescriptor};

use crate::descriptors;

/// The two methods of HTTP that routes have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
}

/// One row: method of HTTP, path with `{field}` for a segment and `{field=**}` for the rest, method of gRPC.
type Row = (Verb, &'static str, &'static str);

use Verb::{Get, Post};

/// More specific paths stand before those with variables in the same place.
const ROWS: &[Row] = &[
    (Get, "/cosmos/auth/v1beta1/accounts", "/cosmos.auth.v1beta1.Query/Accounts"),
    (Get, "/cosmos/auth/v1beta1/accounts/{address}", "/cosmos.auth.v1beta1.Query/Account"),
    (Get, "/cosmos/auth/v1beta1/account_info/{address}", "/cosmos.auth.v1beta1.Query/AccountInfo"),
    (
        Get,
        "/cosmos/auth/v1beta1/address_by_id/{id}",
        "/cosmos.auth.v1beta1.Query/AccountAddressByID",
    ),
    (Get, "/cosmos/auth/v1beta1/params", "/cosmos.auth.v1beta1.Query/Params"),
    (Get, "/cosmos/auth/v1beta1/module_accounts", "/cosmos.auth.v1beta1.Query/ModuleAccounts"),
    (
        Get,
        "/cosmos/auth/v1beta1/module_accounts/{name}",
        "/cosmos.auth.v1beta1.Query/ModuleAccountByName",
    ),
    (Get, "/cosmos/auth/v1beta1/bech32", "/cosmos.auth.v1beta1.Query/Bech32Prefix"),
    // Two methods share this path in the SDK, and the one from text to bytes wins there too.
    (
        Get,
        "/cosmos/auth/v1beta1/bech32/{address_string}",
        "/cosmos.auth.v1beta1.Query/AddressStringToBytes",
    ),
    (Get, "/cosmos/bank/v1beta1/balances/{address}", "/cosmos.bank.v1beta1.Query/AllBalances"),
    (Get, "/cosmos/bank/v1beta1/balances/{address}/by_denom", "/cosmos.bank.v1beta1.Query/Balance"),
    (
        Get,
        "/cosmos/bank/v1beta1/spendable_balances/{address}",
        "/cosmos.bank.v1beta1.Query/SpendableBalances",
    ),
    (
        Get,
        "/cosmos/bank/v1beta1/spendable_balances/{address}/by_denom",
        "/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom",
    ),
    (Get, "/cosmos/bank/v1beta1/supply", "/cosmos.bank.v1beta1.Query/TotalSupply"),
    (Get, "/cosmos/bank/v1beta1/supply/by_denom", "/cosmos.bank.v1beta1.Query/SupplyOf"),
    (Get, "/cosmos/bank/v1beta1/params", "/cosmos.bank.v1beta1.Query/Params"),
    (Get, "/cosmos/bank/v1beta1/denoms_metadata", "/cosmos.bank.v1beta1.Query/DenomsMetadata"),
    (
        Get,
        "/cosmos/bank/v1beta1/denoms_metadata/{denom=**}",
        "/cosmos.bank.v1beta1.Query/DenomMetadata",
    ),
    (
        Get,
        "/cosmos/bank/v1beta1/denoms_metadata_by_query_string",
        "/cosmos.bank.v1beta1.Query/DenomMetadataByQueryString",
    ),
    (Get, "/cosmos/bank/v1beta1/denom_owners/{denom=**}", "/cosmos.bank.v1beta1.Query/DenomOwners"),
    (
        Get,
        "/cosmos/bank/v1beta1/denom_owners_by_query",
        "/cosmos.bank.v1beta1.Query/DenomOwnersByQuery",
    ),
    (Get, "/cosmos/bank/v1beta1/send_enabled", "/cosmos.bank.v1beta1.Query/SendEnabled"),
    (
        Get,
        "/cosmos/feegrant/v1beta1/allowance/{granter}/{grantee}",
        "/cosmos.feegrant.v1beta1.Query/Allowance",
    ),
    (
        Get,
        "/cosmos/feegrant/v1beta1/allowances/{grantee}",
        "/cosmos.feegrant.v1beta1.Query/Allowances",
    ),
    (
        Get,
        "/cosmos/feegrant/v1beta1/issued/{granter}",
        "/cosmos.feegrant.v1beta1.Query/AllowancesByGranter",
    ),
    (Post, "/cosmos/tx/v1beta1/simulate", "/cosmos.tx.v1beta1.Service/Simulate"),
    (Post, "/cosmos/tx/v1beta1/txs", "/cosmos.tx.v1beta1.Service/BroadcastTx"),
    (Get, "/cosmos/tx/v1beta1/txs", "/cosmos.tx.v1beta1.Service/GetTxsEvent"),
    (Get, "/cosmos/tx/v1beta1/txs/block/{height}", "/cosmos.tx.v1beta1.Service/GetBlockWithTxs"),
    (Get, "/cosmos/tx/v1beta1/txs/{hash}", "/cosmos.tx.v1beta1.Service/GetTx"),
    (Post, "/cosmos/tx/v1beta1/decode", "/cosmos.tx.v1beta1.Service/TxDecode"),
    (Post, "/cosmos/tx/v1beta1/encode", "/cosmos.tx.v1beta1.Service/TxEncode"),
    (Post, "/cosmos/tx/v1beta1/encode/amino", "/cosmos.tx.v1beta1.Service/TxEncodeAmino"),
    (Post, "/cosmos/tx/v1beta1/decode/amino", "/cosmos.tx.v1beta1.Service/TxDecodeAmino"),
    (
        Get,
        "/cosmos/base/tendermint/v1beta1/node_info",
        "/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo",
    ),
    (
        Get,
        "/cosmos/base/tendermint/v1beta1/syncing",
        "/cosmos.base.tendermint.v1beta1.Service/GetSyncing",
    ),
    (
        Get,
        "/cosmos/base/tendermint/v1beta1/blocks/latest",
        "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock",
    ),
    (
        Get,
        "/cosmos/base/tendermint/v1beta1/blocks/{height}",
        "/cosmos.base.tendermint.v1beta1.Service/GetBlockByHeight",
    ),
    (
        Get,
        "/cosmos/base/tendermint/v1beta1/validatorsets/latest",
        "/cosmos.base.tendermint.v1beta1.Service/GetLatestValidatorSet",
    ),
    (
        Get,
        "/cosmos/base/tendermint/v1beta1/validatorsets/{height}",
        "/cosmos.base.tendermint.v1beta1.Service/GetValidatorSetByHeight",
    ),
    (
        Get,
        "/cosmos/base/tendermint/v1beta1/abci_query",
        "/cosmos.base.tendermint.v1beta1.Service/ABCIQuery",
    ),
    (Get, "/cosmos/base/node/v1beta1/config", "/cosmos.base.node.v1beta1.Service/Config"),
    (Get, "/cosmos/base/node/v1beta1/status", "/cosmos.base.node.v1beta1.Service/Status"),
    (Get, "/cosmos/consensus/v1/params", "/cosmos.consensus.v1.Query/Params"),
    (Get, "/cosmos/params/v1beta1/params", "/cosmos.params.v1beta1.Query/Params"),
    (Get, "/cosmos/params/v1beta1/subspaces", "/cosmos.params.v1beta1.Query/Subspaces"),
    (Get, "/cosmwasm/wasm/v1/contract/{address}", "/cosmwasm.wasm.v1.Query/ContractInfo"),
    (
        Get,
        "/cosmwasm/wasm/v1/contract/{address}/history",
        "/cosmwasm.wasm.v1.Query/ContractHistory",
    ),
    (Get, "/cosmwasm/wasm/v1/contract/{address}/state", "/cosmwasm.wasm.v1.Query/AllContractState"),
    (
        Get,
        "/cosmwasm/wasm/v1/contract/{address}/raw/{query_data=**}",
        "/cosmwasm.wasm.v1.Query/RawContractState",
    ),
    (
        Get,
        "/cosmwasm/wasm/v1/contract/{address}/smart/{query_data=**}",
        "/cosmwasm.wasm.v1.Query/SmartContractState",
    ),
    (Get, "/cosmwasm/wasm/v1/code", "/cosmwasm.wasm.v1.Query/Codes"),
    (Get, "/cosmwasm/wasm/v1/code/{code_id}", "/cosmwasm.wasm.v1.Query/Code"),
    (Get, "/cosmwasm/wasm/v1/code/{code_id}/contracts", "/cosmwasm.wasm.v1.Query/ContractsByCode"),
    (Get, "/cosmwasm/wasm/v1/code-info/{code_id}", "/cosmwasm.wasm.v1.Query/CodeInfo"),
    (Get, "/cosmwasm/wasm/v1/codes/pinned", "/cosmwasm.wasm.v1.Query/PinnedCodes"),
    (Get, "/cosmwasm/wasm/v1/codes/params", "/cosmwasm.wasm.v1.Query/Params"),
    (
        Get,
        "/cosmwasm/wasm/v1/contracts/creator/{creator_address}",
        "/cosmwasm.wasm.v1.Query/ContractsByCreator",
    ),
    (Get, "/cosmwasm/wasm/v1/wasm-limits-config", "/cosmwasm.wasm.v1.Query/WasmLimitsConfig"),
    (Get, "/cosmwasm/wasm/v1/build_address", "/cosmwasm.wasm.v1.Query/BuildAddress"),
];

/// Segments of a path at the most; longer ones match nothing.
const SEGMENTS_MAX: usize = 64;

#[derive(Clone, Copy, Debug)]
enum Segment {
    Literal(&'static str),
    Field(&'static str),
    Rest(&'static str),
}

/// One route with the descriptors of its messages.
#[derive(Debug)]
pub(super) struct Route {
    pub verb: Verb,
    pub template: &'static str,
    pub method: MethodDescriptor,
    segments: Vec<Segment>,
}

/// A field of the request with the text that the path has for it, still percent-encoded.
pub(super) type Capture<'p> = (&'static str, &'p str);

/// All routes.
#[derive(Debug)]
pub(super) struct Table {
    pub routes: Vec<Route>,
}

impl Table {
    /// The table with its descriptors.
    pub fn new(pool: &DescriptorPool) -> io::Result<Table> {
        let mut routes = Vec::with_capacity(ROWS.len());
        for (verb, template, path) in ROWS {
            let method = descriptors::method(pool, path)?;
            let segments = template.split('/').skip(1).map(segment).collect();
            routes.push(Route { verb: *verb, template, method, segments });
        }
        Ok(Table { routes })
    }

    /// The route of a path, with what the path says.
    pub fn find<'p>(&self, verb: Verb, path: &'p str) -> Option<(&Route, Vec<Capture<'p>>)> {
        let path = path.strip_prefix('/')?;
        if path.split('/').take(SEGMENTS_MAX + 1).count() > SEGMENTS_MAX {
            return None;
        }
        let of_verb = self.routes.iter().filter(|r| r.verb == verb);
        of_verb.filter_map(|r| Some((r, r.captures(path)?))).next()
    }
}

fn segment(text: &'static str) -> Segment {
    match text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        None => Segment::Literal(text),
        Some(field) => match field.strip_suffix("=**") {
            Some(field) => Segment::Rest(field),
            None => Segment::Field(field),
        },
    }
}

impl Route {
    /// Path of the gRPC method.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.method.parent_service().full_name(), self.method.name())
    }

    /// Fields that the path fills.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.segments.iter().filter_map(|s| match s {
            Segment::Literal(_) => None,
            Segment::Field(name) | Segment::Rest(name) => Some(*name),
        })
    }

    fn captures<'p>(&self, path: &'p str) -> Option<Vec<Capture<'p>>> {
        let mut captures = Vec::new();
        let mut rest = Some(path);
        for segment in &self.segments {
            let left = rest?;
            let (head, tail) = match left.split_once('/') {
                Some((head, tail)) => (head, Some(tail)),
                None => (left, None),
            };
            match segment {
                Segment::Literal(text) if *text == head => rest = tail,
                Segment::Literal(_) => return None,
                Segment::Field(_) if head.is_empty() => return None,
                Segment::Field(name) => {
                    captures.push((*name, head));
                    rest = tail;
                }
                Segment::Rest(_) if left.is_empty() => return None,
                Segment::Rest(name) => {
                    captures.push((*name, left));
                    rest = None;
                }
            }
        }
        rest.is_none().then_some(captures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::new(&descriptors::pool().unwrap()).unwrap()
    }

    #[test]
    fn every_path_finds_its_own_method() {
        let table = table();
        for route in &table.routes {
            let path: Vec<&str> = route
                .template
                .split('/')
                .map(|s| if s.starts_with('{') { "7" } else { s })
                .collect();
            let path = path.join("/");
            let (found, captures) = table.find(route.verb, &path).unwrap();
            assert_eq!(found.path(), route.path(), "{}", route.template);
            assert!(captures.iter().all(|(_, text)| *text == "7"));
            let input = route.method.input();
            for field in route.fields() {
                assert!(input.get_field_by_name(field).is_some(), "{} {field}", route.template);
            }
        }
    }

    #[test]
    fn the_rest_of_a_path_may_have_slashes_and_nothing_else_may() {
        let table = table();
        let (_, captures) =
            table.find(Verb::Get, "/cosmwasm/wasm/v1/contract/c/smart/ab/cd=").unwrap();
        assert_eq!(captures, [("address", "c"), ("query_data", "ab/cd=")]);
        for path in [
            "/cosmos/auth/v1beta1/accounts/a/b",
            "/cosmos/auth/v1beta1/accounts/",
            "/cosmos/auth/v1beta1",
            "/",
            "",
            "/cosmwasm/wasm/v1/contract/c/smart/",
        ] {
            assert!(table.find(Verb::Get, path).is_none(), "{path}");
        }
        assert!(table.find(Verb::Get, &"/a".repeat(1_000)).is_none());
        assert!(table.find(Verb::Post, "/cosmos/auth/v1beta1/accounts").is_none());
    }
}
