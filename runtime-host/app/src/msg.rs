//! The messages this chain understands, decoded and with their signer.

use crate::error::{self, UserError};
use crate::facts::Facts;
use cosmos_sdk_proto::cosmos::bank::v1beta1::{MsgMultiSend, MsgSend};
use cosmos_sdk_proto::cosmos::feegrant::v1beta1::{MsgGrantAllowance, MsgRevokeAllowance};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    MsgAddCodeUploadParamsAddresses, MsgClearAdmin, MsgExecuteContract, MsgInstantiateContract,
    MsgInstantiateContract2, MsgMigrateContract, MsgPinCodes, MsgRemoveCodeUploadParamsAddresses,
    MsgStoreAndInstantiateContract, MsgStoreAndMigrateContract, MsgStoreCode, MsgSudoContract,
    MsgUnpinCodes, MsgUpdateAdmin, MsgUpdateContractLabel, MsgUpdateInstantiateConfig,
    MsgUpdateParams,
};
use cosmos_sdk_proto::Any;
use prost::Message;
use suyuan_core::address::Addr;
use suyuan_tx::chain::{self, MsgCancelPlan, MsgSetValidators};

/// One message of a transaction or contract.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Msg {
    Send(MsgSend),
    MultiSend(MsgMultiSend),
    GrantAllowance(MsgGrantAllowance),
    RevokeAllowance(MsgRevokeAllowance),
    StoreCode(MsgStoreCode),
    Instantiate(MsgInstantiateContract),
    Instantiate2(MsgInstantiateContract2),
    Execute(MsgExecuteContract),
    Migrate(MsgMigrateContract),
    UpdateAdmin(MsgUpdateAdmin),
    ClearAdmin(MsgClearAdmin),
    UpdateInstantiateConfig(MsgUpdateInstantiateConfig),
    UpdateParams(MsgUpdateParams),
    SudoContract(MsgSudoContract),
    PinCodes(MsgPinCodes),
    UnpinCodes(MsgUnpinCodes),
    StoreAndInstantiate(MsgStoreAndInstantiateContract),
    StoreAndMigrate(MsgStoreAndMigrateContract),
    AddUploaders(MsgAddCodeUploadParamsAddresses),
    RemoveUploaders(MsgRemoveCodeUploadParamsAddresses),
    UpdateLabel(MsgUpdateContractLabel),
    UpdateConsensus(chain::MsgUpdateParams),
    SetValidators(MsgSetValidators),
    CancelPlan(MsgCancelPlan),
}

impl Msg {
    /// Decodes a message; `None` for a type this chain does not know.
    ///
    /// # Errors
    /// The protobuf error's text.
    pub(crate) fn decode(any: &Any) -> Result<Option<Msg>, String> {
        fn read<M: Message + Default>(value: &[u8]) -> Result<M, String> {
            M::decode(value).map_err(|e| e.to_string())
        }
        let value = &any.value[..];
        Ok(Some(match any.type_url.as_str() {
            "/cosmos.bank.v1beta1.MsgSend" => Msg::Send(read(value)?),
            "/cosmos.bank.v1beta1.MsgMultiSend" => Msg::MultiSend(read(value)?),
            "/cosmos.feegrant.v1beta1.MsgGrantAllowance" => Msg::GrantAllowance(read(value)?),
            "/cosmos.feegrant.v1beta1.MsgRevokeAllowance" => Msg::RevokeAllowance(read(value)?),
            "/cosmwasm.wasm.v1.MsgStoreCode" => Msg::StoreCode(read(value)?),
            "/cosmwasm.wasm.v1.MsgInstantiateContract" => Msg::Instantiate(read(value)?),
            "/cosmwasm.wasm.v1.MsgInstantiateContract2" => Msg::Instantiate2(read(value)?),
            "/cosmwasm.wasm.v1.MsgExecuteContract" => Msg::Execute(read(value)?),
            "/cosmwasm.wasm.v1.MsgMigrateContract" => Msg::Migrate(read(value)?),
            "/cosmwasm.wasm.v1.MsgUpdateAdmin" => Msg::UpdateAdmin(read(value)?),
            "/cosmwasm.wasm.v1.MsgClearAdmin" => Msg::ClearAdmin(read(value)?),
            "/cosmwasm.wasm.v1.MsgUpdateInstantiateConfig" => {
                Msg::UpdateInstantiateConfig(read(value)?)
            }
            "/cosmwasm.wasm.v1.MsgUpdateParams" => Msg::UpdateParams(read(value)?),
            "/cosmwasm.wasm.v1.MsgSudoContract" => Msg::SudoContract(read(value)?),
            "/cosmwasm.wasm.v1.MsgPinCodes" => Msg::PinCodes(read(value)?),
            "/cosmwasm.wasm.v1.MsgUnpinCodes" => Msg::UnpinCodes(read(value)?),
            "/cosmwasm.wasm.v1.MsgStoreAndInstantiateContract" => {
                Msg::StoreAndInstantiate(read(value)?)
            }
            "/cosmwasm.wasm.v1.MsgStoreAndMigrateContract" => Msg::StoreAndMigrate(read(value)?),
            "/cosmwasm.wasm.v1.MsgAddCodeUploadParamsAddresses" => Msg::AddUploaders(read(value)?),
            "/cosmwasm.wasm.v1.MsgRemoveCodeUploadParamsAddresses" => {
                Msg::RemoveUploaders(read(value)?)
            }
            "/cosmwasm.wasm.v1.MsgUpdateContractLabel" => Msg::UpdateLabel(read(value)?),
            "/cosmos.consensus.v1.MsgUpdateParams" => Msg::UpdateConsensus(read(value)?),
            "/suyuan.chain.v1.MsgSetValidators" => Msg::SetValidators(read(value)?),
            "/suyuan.chain.v1.MsgCancelPlan" => Msg::CancelPlan(read(value)?),
            _ => return Ok(None),
        }))
    }

    /// Type URL, the `action` of events.
    pub(crate) fn type_url(&self) -> &'static str {
        match self {
            Msg::Send(_) => "/cosmos.bank.v1beta1.MsgSend",
            Msg::MultiSend(_) => "/cosmos.bank.v1beta1.MsgMultiSend",
            Msg::GrantAllowance(_) => "/cosmos.feegrant.v1beta1.MsgGrantAllowance",
            Msg::RevokeAllowance(_) => "/cosmos.feegrant.v1beta1.MsgRevokeAllowance",
            Msg::StoreCode(_) => "/cosmwasm.wasm.v1.MsgStoreCode",
            Msg::Instantiate(_) => "/cosmwasm.wasm.v1.MsgInstantiateContract",
            Msg::Instantiate2(_) => "/cosmwasm.wasm.v1.MsgInstantiateContract2",
            Msg::Execute(_) => "/cosmwasm.wasm.v1.MsgExecuteContract",
            Msg::Migrate(_) => "/cosmwasm.wasm.v1.MsgMigrateContract",
            Msg::UpdateAdmin(_) => "/cosmwasm.wasm.v1.MsgUpdateAdmin",
            Msg::ClearAdmin(_) => "/cosmwasm.wasm.v1.MsgClearAdmin",
            Msg::UpdateInstantiateConfig(_) => "/cosmwasm.wasm.v1.MsgUpdateInstantiateConfig",
            Msg::UpdateParams(_) => "/cosmwasm.wasm.v1.MsgUpdateParams",
            Msg::SudoContract(_) => "/cosmwasm.wasm.v1.MsgSudoContract",
            Msg::PinCodes(_) => "/cosmwasm.wasm.v1.MsgPinCodes",
            Msg::UnpinCodes(_) => "/cosmwasm.wasm.v1.MsgUnpinCodes",
            Msg::StoreAndInstantiate(_) => "/cosmwasm.wasm.v1.MsgStoreAndInstantiateContract",
            Msg::StoreAndMigrate(_) => "/cosmwasm.wasm.v1.MsgStoreAndMigrateContract",
            Msg::AddUploaders(_) => "/cosmwasm.wasm.v1.MsgAddCodeUploadParamsAddresses",
            Msg::RemoveUploaders(_) => "/cosmwasm.wasm.v1.MsgRemoveCodeUploadParamsAddresses",
            Msg::UpdateLabel(_) => "/cosmwasm.wasm.v1.MsgUpdateContractLabel",
            Msg::UpdateConsensus(_) => "/cosmos.consensus.v1.MsgUpdateParams",
            Msg::SetValidators(_) => "/suyuan.chain.v1.MsgSetValidators",
            Msg::CancelPlan(_) => "/suyuan.chain.v1.MsgCancelPlan",
        }
    }

    /// Module that handles the message, as events name it.
    pub(crate) fn module(&self) -> &'static str {
        match self {
            Msg::Send(_) | Msg::MultiSend(_) => "bank",
            Msg::UpdateConsensus(_) => "consensus",
            Msg::SetValidators(_) | Msg::CancelPlan(_) => "chain",
            Msg::GrantAllowance(_) | Msg::RevokeAllowance(_) => "feegrant",
            _ => "wasm",
        }
    }

    fn signer_text(&self) -> &str {
        match self {
            Msg::Send(m) => &m.from_address,
            Msg::MultiSend(m) => m.inputs.first().map_or("", |i| &i.address),
            Msg::GrantAllowance(m) => &m.granter,
            Msg::RevokeAllowance(m) => &m.granter,
            Msg::StoreCode(m) => &m.sender,
            Msg::Instantiate(m) => &m.sender,
            Msg::Instantiate2(m) => &m.sender,
            Msg::Execute(m) => &m.sender,
            Msg::Migrate(m) => &m.sender,
            Msg::UpdateAdmin(m) => &m.sender,
            Msg::ClearAdmin(m) => &m.sender,
            Msg::UpdateInstantiateConfig(m) => &m.sender,
            Msg::UpdateParams(m) => &m.authority,
            Msg::SudoContract(m) => &m.authority,
            Msg::PinCodes(m) => &m.authority,
            Msg::UnpinCodes(m) => &m.authority,
            Msg::StoreAndInstantiate(m) => &m.authority,
            Msg::StoreAndMigrate(m) => &m.authority,
            Msg::AddUploaders(m) => &m.authority,
            Msg::RemoveUploaders(m) => &m.authority,
            Msg::UpdateLabel(m) => &m.sender,
            Msg::UpdateConsensus(m) => &m.authority,
            Msg::SetValidators(m) => &m.authority,
            Msg::CancelPlan(m) => &m.authority,
        }
    }

    /// Who must have signed the message.
    ///
    /// # Errors
    /// The address is not one of this chain.
    pub(crate) fn signer(&self, facts: &Facts) -> Result<Addr, UserError> {
        facts.addr(self.signer_text()).map_err(|e| error::TX_DECODE.with(e))
    }
}
