//! Which messages exist in amino, with their fields in order. Numbers of fields are their places, not those of protobuf.

use suyuan_core::sha256;

/// Something with a registered name.
#[derive(Debug, PartialEq)]
pub(super) struct Shape {
    pub name: &'static str,
    pub fields: &'static [Field],
}

/// A field: its name in JSON and what it holds.
#[derive(Debug, PartialEq)]
pub(super) struct Field {
    pub name: &'static str,
    pub kind: Kind,
    /// Written in JSON also if it is empty.
    pub always: bool,
}

/// What a field holds.
#[derive(Debug, PartialEq)]
pub(super) enum Kind {
    /// A 64-bit number, text in JSON.
    Number,
    /// A number that is text in JSON and never left out inside of coins.
    Amount,
    Bool,
    /// A kind of access by wasmd's names.
    Access,
    Text,
    /// Base64 in JSON.
    Bytes,
    /// Bytes that are JSON and stand as they are.
    Json,
    Message(&'static [Field]),
    /// A message that may be missing.
    Optional(&'static [Field]),
    /// Messages; `null` in JSON if there are none, or `[]` for coins.
    Messages(&'static [Field], &'static str),
    Texts,
    /// Numbers in one packed field.
    Numbers,
    /// Registered messages of a transaction.
    Named,
    /// A public key with its name, or `null`.
    Key,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, always: false }
}

const fn always(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, always: true }
}

use Kind::{
    Access, Amount, Bool, Bytes, Json, Key, Message, Messages, Named, Number, Numbers, Optional,
    Text, Texts,
};

const COIN: &[Field] = &[field("denom", Text), always("amount", Amount)];
const ACCESS: &[Field] = &[field("permission", Access), field("addresses", Texts)];
const INPUT: &[Field] = &[field("address", Text), always("coins", Messages(COIN, "[]"))];
const FEE: &[Field] = &[
    always("amount", Messages(COIN, "[]")),
    always("gas", Number),
    field("payer", Text),
    field("granter", Text),
];
const SIGNATURE: &[Field] = &[always("pub_key", Key), always("signature", Bytes)];

/// A transaction.
pub(super) static STD_TX: Shape = Shape {
    name: "cosmos-sdk/StdTx",
    fields: &[
        always("msg", Named),
        always("fee", Message(FEE)),
        always("signatures", Messages(SIGNATURE, "null")),
        always("memo", Text),
        always("timeout_height", Number),
    ],
};

/// Name of one key in amino JSON.
pub(super) const KEY: &str = "tendermint/PubKeySecp256k1";
/// Name of several keys in amino JSON.
pub(super) const MULTISIG: &str = "tendermint/PubKeyMultisigThreshold";

/// All messages. Those that wallets sign in amino JSON and wasmd registers.
pub(super) static MESSAGES: &[Shape] = &[
    Shape {
        name: "cosmos-sdk/MsgSend",
        fields: &[
            field("from_address", Text),
            field("to_address", Text),
            always("amount", Messages(COIN, "[]")),
        ],
    },
    Shape {
        name: "cosmos-sdk/MsgMultiSend",
        fields: &[
            always("inputs", Messages(INPUT, "null")),
            always("outputs", Messages(INPUT, "null")),
        ],
    },
    Shape {
        name: "wasm/MsgStoreCode",
        fields: &[
            field("sender", Text),
            field("wasm_byte_code", Bytes),
            field("instantiate_permission", Optional(ACCESS)),
        ],
    },
    Shape {
        name: "wasm/MsgInstantiateContract",
        fields: &[
            field("sender", Text),
            field("admin", Text),
            field("code_id", Number),
            field("label", Text),
            field("msg", Json),
            always("funds", Messages(COIN, "[]")),
        ],
    },
    Shape {
        name: "wasm/MsgInstantiateContract2",
        fields: &[
            field("sender", Text),
            field("admin", Text),
            field("code_id", Number),
            field("label", Text),
            field("msg", Json),
            always("funds", Messages(COIN, "[]")),
            field("salt", Bytes),
            field("fix_msg", Bool),
        ],
    },
    Shape {
        name: "wasm/MsgExecuteContract",
        fields: &[
            field("sender", Text),
            field("contract", Text),
            field("msg", Json),
            always("funds", Messages(COIN, "[]")),
        ],
    },
    Shape {
        name: "wasm/MsgMigrateContract",
        fields: &[
            field("sender", Text),
            field("contract", Text),
            field("code_id", Number),
            field("msg", Json),
        ],
    },
    Shape {
        name: "wasm/MsgUpdateAdmin",
        fields: &[field("sender", Text), field("new_admin", Text), field("contract", Text)],
    },
    Shape { name: "wasm/MsgClearAdmin", fields: &[field("sender", Text), field("contract", Text)] },
    Shape {
        name: "wasm/MsgUpdateInstantiateConfig",
        fields: &[
            field("sender", Text),
            field("code_id", Number),
            field("new_instantiate_permission", Optional(ACCESS)),
        ],
    },
    Shape {
        name: "wasm/MsgSudoContract",
        fields: &[field("authority", Text), field("contract", Text), field("msg", Json)],
    },
    Shape {
        name: "wasm/MsgPinCodes",
        fields: &[field("authority", Text), field("code_ids", Numbers)],
    },
    Shape {
        name: "wasm/MsgUnpinCodes",
        fields: &[field("authority", Text), field("code_ids", Numbers)],
    },
    Shape {
        name: "wasm/MsgUpdateContractLabel",
        fields: &[field("sender", Text), field("new_label", Text), field("contract", Text)],
    },
];

/// wasmd's names of the kinds of access, by number.
pub(super) const ACCESS_NAMES: [(u64, &str); 4] =
    [(0, "Unspecified"), (1, "Nobody"), (3, "Everybody"), (4, "AnyOfAddresses")];

/// The four bytes that stand before something registered: of the SHA-256 of its name, without leading zeros, the bytes
/// behind the first three (and behind zeros again).
pub(super) fn prefix(name: &str) -> [u8; 4] {
    let hash = sha256(name.as_bytes());
    let mut rest = hash.iter().copied().skip_while(|byte| *byte == 0).skip(3);
    let mut prefix = [0u8; 4];
    let mut found = rest.by_ref().skip_while(|byte| *byte == 0);
    prefix.iter_mut().for_each(|byte| *byte = found.next().unwrap_or_default());
    prefix
}
