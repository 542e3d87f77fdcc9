//! Parameters of the wasm module: who may upload, and the default for instantiation.

use super::access::AccessConfig;
use super::state_key::{PARAMS, STORE};
use crate::error::Run;
use crate::exec::Exec;
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

/// Parameters as messages of this transaction left them. Not charged: every rule of access reads them, and clients know
/// the gas of a chain where they are at hand.
pub(crate) fn current(exec: &mut Exec<'_>) -> Hosted<Access> {
    let bytes = exec.delta.get(STORE, PARAMS)?.ok_or_else(broken)?;
    Access::decode(&bytes)
}

/// Encoded parameters in a committed state.
pub(crate) fn committed(snapshot: &Snapshot) -> Hosted<Params> {
    let bytes = snapshot.get(STORE, PARAMS)?.ok_or_else(broken)?;
    Params::decode(&bytes[..]).map_err(|_| broken())
}

/// Parameters of a committed state in checked form.
pub(crate) fn at(snapshot: &Snapshot) -> Hosted<Access> {
    Access::decode(&snapshot.get(STORE, PARAMS)?.ok_or_else(broken)?)
}

/// Writes new parameters.
pub(crate) fn save(exec: &mut Exec<'_>, access: &Access) -> Run<()> {
    let params = to_proto(&access.upload, &access.instantiate_default);
    exec.write(STORE, PARAMS, &params.encode_to_vec())
}

fn broken() -> HostFault {
    HostFault::new("parameters of the wasm module in state are broken")
}

/// The parameters in checked form.
pub(crate) struct Access {
    /// Who may store code.
    pub upload: AccessConfig,
    /// The default for instantiation, without addresses of its own.
    pub instantiate_default: AccessConfig,
}

impl Access {
    fn decode(bytes: &[u8]) -> Hosted<Access> {
        let params = Params::decode(bytes).map_err(|_| broken())?;
        let upload = params.code_upload_access.as_ref().and_then(unchecked).ok_or_else(broken)?;
        let default = ProtoAccessConfig {
            permission: params.instantiate_default_permission,
            addresses: Vec::new(),
        };
        Ok(Access { upload, instantiate_default: unchecked(&default).ok_or_else(broken)? })
    }
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
