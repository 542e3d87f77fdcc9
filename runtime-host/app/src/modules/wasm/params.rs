//! Parameters of the wasm module: who may upload, and the default for instantiation.

use super::access::AccessConfig;
use super::state_key::{PARAMS, STORE};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{AccessConfig as ProtoAccessConfig, Params};
use prost::Message;
use suyuan_core::{HostFault, Hosted};
use suyuan_store::Snapshot;

/// Encoded parameters; `instantiate_default` has no addresses of its own.
pub(crate) fn to_proto(upload: &AccessConfig, instantiate_default: &AccessConfig) -> Params {
    Params {
        code_upload_access: Some(upload.to_proto()),
        instantiate_default_permission: instantiate_default.to_proto().permission,
    }
}

/// Upload access and default of instantiation in a committed state.
pub(crate) fn load(snapshot: &Snapshot) -> Hosted<(AccessConfig, AccessConfig)> {
    let broken = || HostFault::new("parameters of the wasm module in state are broken");
    let bytes = snapshot.get(STORE, PARAMS)?.ok_or_else(broken)?;
    let params = Params::decode(&bytes[..]).map_err(|_| broken())?;
    let upload = params.code_upload_access.ok_or_else(broken)?;
    Ok((unchecked(&upload).ok_or_else(broken)?, {
        let default = ProtoAccessConfig {
            permission: params.instantiate_default_permission,
            addresses: Vec::new(),
        };
        unchecked(&default).ok_or_else(broken)?
    }))
}

/// A configuration that was checked before it was stored.
pub(crate) fn unchecked(config: &ProtoAccessConfig) -> Option<AccessConfig> {
    match config.permission {
        1 => Some(AccessConfig::Nobody),
        3 => Some(AccessConfig::Everybody),
        4 => Some(AccessConfig::AnyOf(config.addresses.clone())),
        _ => None,
    }
}
