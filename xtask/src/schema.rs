//! JSON schema of the contracts' messages, one file each, from the types in `packages/trace-api`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use cosmwasm_schema::schemars::schema::RootSchema;
use cosmwasm_schema::{schema_for, QueryResponses};
use suyuan_trace_api::{assembly, code, event, participant};

/// Writes `OUT/<contract>/{instantiate_msg,execute_msg,query_msg,answers/…}.json`.
pub fn write_all(out: &Path) -> anyhow::Result<()> {
    macro_rules! contract {
        ($folder:literal, $module:ident) => {
            Contract {
                folder: $folder,
                instantiate: schema_for!($module::InstantiateMsg),
                execute: schema_for!($module::ExecuteMsg),
                query: schema_for!($module::QueryMsg),
                answers: $module::QueryMsg::response_schemas(),
            }
        };
    }
    for contract in [
        contract!("participant-registry", participant),
        contract!("trace-code", code),
        contract!("event-log", event),
        contract!("assembly-graph", assembly),
    ] {
        contract.write(out)?;
    }
    Ok(())
}

struct Contract {
    folder: &'static str,
    instantiate: RootSchema,
    execute: RootSchema,
    query: RootSchema,
    answers: BTreeMap<String, RootSchema>,
}

impl Contract {
    fn write(&self, out: &Path) -> anyhow::Result<()> {
        let folder = out.join(self.folder);
        let answers = folder.join("answers");
        if answers.exists() {
            fs::remove_dir_all(&answers)?;
        }
        fs::create_dir_all(&answers).with_context(|| format!("create {}", answers.display()))?;
        write(&folder.join("instantiate_msg.json"), &self.instantiate)?;
        write(&folder.join("execute_msg.json"), &self.execute)?;
        write(&folder.join("query_msg.json"), &self.query)?;
        for (query, answer) in &self.answers {
            write(&answers.join(format!("{query}.json")), answer)?;
        }
        Ok(())
    }
}

fn write(path: &Path, schema: &RootSchema) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(schema)?;
    text.push('\n');
    fs::write(path, text).with_context(|| format!("write {}", path.display()))
}
