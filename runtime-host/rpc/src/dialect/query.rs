//! Answers of the application to `abci_query`.

use serde::Serialize;
use suyuan_app::{ProofOp, QueryOutcome};

use super::{B64OrNull, Int, B64};

#[derive(Debug, Serialize)]
struct ProofOps<'a> {
    ops: Vec<ProofOpJson<'a>>,
}

#[derive(Debug, Serialize)]
struct ProofOpJson<'a> {
    r#type: &'a str,
    key: B64<&'a [u8]>,
    data: B64<&'a [u8]>,
}

impl<'a> From<&'a ProofOp> for ProofOpJson<'a> {
    fn from(op: &'a ProofOp) -> Self {
        ProofOpJson { r#type: &op.type_, key: B64(&op.key), data: B64(&op.data) }
    }
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Value<'a> {
    /// A successful answer may be empty, which is `""`.
    Found(B64<&'a [u8]>),
    /// An error has none, which is null.
    Failed(B64OrNull<&'a [u8]>),
}

#[derive(Debug, Serialize)]
struct Response<'a> {
    code: u32,
    log: &'a str,
    info: &'static str,
    index: Int<i64>,
    key: B64OrNull<&'a [u8]>,
    value: Value<'a>,
    #[serde(rename = "proofOps")]
    proof_ops: Option<ProofOps<'a>>,
    height: Int<u64>,
    codespace: &'a str,
}

/// Answer of `abci_query`.
#[derive(Debug, Serialize)]
pub(crate) struct QueryAnswer<'a> {
    response: Response<'a>,
}

impl<'a> From<&'a QueryOutcome> for QueryAnswer<'a> {
    fn from(outcome: &'a QueryOutcome) -> Self {
        let ops: Vec<ProofOpJson<'a>> = outcome.proof_ops.iter().map(ProofOpJson::from).collect();
        QueryAnswer {
            response: Response {
                code: outcome.code,
                log: &outcome.log,
                info: "",
                index: Int(outcome.index),
                key: B64OrNull(&outcome.key),
                value: if outcome.code == 0 {
                    Value::Found(B64(&outcome.value))
                } else {
                    Value::Failed(B64OrNull(&outcome.value))
                },
                proof_ops: (!ops.is_empty()).then_some(ProofOps { ops }),
                height: Int(outcome.height),
                codespace: &outcome.codespace,
            },
        }
    }
}
