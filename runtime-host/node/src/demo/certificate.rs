//! What the demo leaves behind for who trusts nobody: a certificate, and the anchor to judge it by.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use serde_json::{json, Value};
use suyuan_certificate::{verify, Anchor, Checksums, Terms};
use suyuan_client::certificate::Question;
use suyuan_trace_api::assembly::Direction;

use super::stage::Stage;
use crate::cmd::demo::write_json;
use crate::cmd::prove::proved;
use crate::fail::{Done, Failure, OrFail};

/// Name of the certificate in the demo's folder.
pub const CERTIFICATE_FILE: &str = "certificate.json";
/// Name of the anchor: chain id, validators and contracts.
pub const TRUST_FILE: &str = "trust.json";
/// Deepest place of a trace in an answer.
const DEPTH_MAX: usize = 4;

/// Proves the first trace of the demo's answer and writes certificate and anchor.
///
/// # Errors
/// Verification if the certificate does not hold against the anchor; local for the files.
pub async fn leave(stage: &Stage, answer: &Value, out: &Path) -> Done {
    let Some(code) = root(answer, DEPTH_MAX) else {
        return Err(Failure::verification("the answer holds no trace to prove"));
    };
    let question = Question { code, direction: Direction::Backward, height: 0 };
    let (certificate, _) = proved(&stage.client, &stage.deployment, &question).await?;
    let bytes = certificate.to_bytes().or_local(|| "the certificate as JSON".into())?;
    let trust = trust(stage);
    let anchor = Anchor::genesis(trust.to_string().as_bytes()).or_local(|| "the anchor".into())?;
    let mut checksums = Checksums::built_in();
    for checksum in stage.deployment.checksums.values() {
        checksums.accept(checksum).or_local(|| "a checksum".into())?;
    }
    let terms = Terms { anchor, checksums, deployment: None };
    let report = verify(&bytes, &terms)
        .map_err(|fault| Failure::verification(format!("{}: {fault}", fault.reason())))?;
    let path = out.join(CERTIFICATE_FILE);
    fs::write(&path, &bytes).or_local(|| format!("writing {}", path.display()))?;
    write_json(&out.join(TRUST_FILE), &trust)?;
    let folder = out.display();
    stage.ctx.say(&stage.ctx.lang().pick(
        format!(
            "\nA certificate of {} units, {} links and {} events, {} bytes. Check it without any node:\n  suyuan verify {folder}/{CERTIFICATE_FILE} --trust {folder}/{TRUST_FILE}\n  node tools/verify-ts/verify.mjs {folder}/{CERTIFICATE_FILE} {folder}/{TRUST_FILE}",
            report.units, report.links, report.events, bytes.len()
        ),
        format!(
            "\n完整性证书：{} 个单元、{} 条关联、{} 个事件，{} 字节。无需节点即可核验：\n  suyuan verify {folder}/{CERTIFICATE_FILE} --trust {folder}/{TRUST_FILE}\n  node tools/verify-ts/verify.mjs {folder}/{CERTIFICATE_FILE} {folder}/{TRUST_FILE}",
            report.units, report.links, report.events, bytes.len()
        ),
    ));
    Ok(())
}

/// The unit that some trace in the answer starts from.
fn root(answer: &Value, depth: usize) -> Option<String> {
    let fields = answer.as_object()?;
    if let (Some(root), Some(_)) = (fields.get("root").and_then(Value::as_str), fields.get("units"))
    {
        return Some(root.to_string());
    }
    let deeper = depth.checked_sub(1)?;
    fields.values().find_map(|value| root(value, deeper))
}

/// The anchor in the form of a genesis, with the contracts that count.
pub fn trust(stage: &Stage) -> Value {
    let engine = base64::engine::general_purpose::STANDARD;
    let validators: Vec<Value> = stage
        .validators
        .validators()
        .iter()
        .map(|validator| {
            let value = engine.encode(validator.pub_key.to_bytes());
            json!({
                "pub_key": {"type": "tendermint/PubKeyEd25519", "value": value},
                "power": validator.power().to_string(),
            })
        })
        .collect();
    let to = &stage.deployment;
    json!({
        "chain_id": to.chain_id,
        "validators": validators,
        "contracts": {
            "registry": to.registry, "trace_code": to.trace_code,
            "assembly_graph": to.assembly_graph, "event_log": to.event_log,
        },
    })
}
