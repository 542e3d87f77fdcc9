//! All settings of a node in one table: name, meaning, and by it the file, the environment and the flags.
//!
//! A setting `a.b` stands in `config.toml` as `b` of section `[a]`, in the environment as `SUYUAN_A_B`, and on the command
//! line as `--set a.b=VALUE`. Flags go before the environment, which goes before the file. `docs/configuration.md` is this
//! table; a test compares them.

use toml::{Table, Value};

use crate::config::Config;
use crate::fail::{Done, Failure, OrFail};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Section and name in the file.
    pub key: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
}

const fn setting(key: &'static str, help: &'static str) -> Setting {
    Setting { key, help }
}

/// Every setting that is not the identity of the chain (`chain_id`, `prefix`, `denom`).
pub const SETTINGS: &[Setting] = &[
    setting("rpc.laddr", "address of the RPC; port 0 takes a free one"),
    setting("grpc.laddr", "address of the gRPC server, usually `127.0.0.1:9090`; empty is off"),
    setting("rest.laddr", "address of the REST server, usually `127.0.0.1:1317`; empty is off"),
    setting("blocks.time", "`on-demand`, or an interval such as `1s`"),
    setting("blocks.empty", "with an interval: also make blocks without transactions"),
    setting("blocks.txs_max", "most transactions of one block"),
    setting(
        "store.keep_versions",
        "pruning: past heights that can be queried and proved; 0 keeps all",
    ),
    setting("store.node_cache_mib", "most MiB of tree nodes kept in memory"),
    setting("store.read_cache_mib", "most MiB of values kept in memory"),
    setting("mempool.count_max", "most waiting transactions"),
    setting("mempool.bytes_max", "most bytes of waiting transactions"),
    setting("mempool.tx_bytes_max", "most bytes of one transaction"),
    setting("mempool.cache_max", "hashes of seen transactions that are refused at once"),
    setting("mempool.account_count_max", "most waiting transactions of one account"),
    setting(
        "mempool.account_rate_max",
        "most transactions per second of one account; 0 is unbounded",
    ),
    setting("metrics.laddr", "address of `/metrics` for Prometheus; empty is off"),
    setting("tls.cert", "PEM file of the server's certificate and its chain; empty is no TLS"),
    setting("tls.key", "PEM file of the certificate's key"),
    setting("tls.client_ca", "PEM file; if set, clients must show a certificate of this authority"),
    setting("listen.insecure", "listen where other machines reach without TLS"),
];

/// Name of a setting in the environment.
pub fn env_name(key: &str) -> String {
    format!("SUYUAN_{}", key.replace('.', "_").to_uppercase())
}

/// The settings of this process' environment, in the order of the table.
pub fn from_env() -> Vec<(String, String)> {
    SETTINGS
        .iter()
        .filter_map(|s| Some((s.key.to_string(), std::env::var(env_name(s.key)).ok()?)))
        .collect()
}

/// Reads `KEY=VALUE`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_assignment(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it like mempool.count_max=5000")?;
    if !SETTINGS.iter().any(|s| s.key == key) {
        return Err(format!("there is no setting {key}; docs/configuration.md lists them"));
    }
    Ok((key.to_string(), value.to_string()))
}

/// `config` with these settings changed, later ones last.
///
/// # Errors
/// Usage for an unknown name or a value of the wrong kind.
pub fn apply(config: &Config, changes: &[(String, String)]) -> Done<Config> {
    if changes.is_empty() {
        return Ok(config.clone());
    }
    let mut table = Table::try_from(config).or_local(|| "the configuration as TOML".into())?;
    for (key, text) in changes {
        let unknown = || Failure::usage(format!("there is no setting {key}"));
        let (section, name) = key.split_once('.').ok_or_else(unknown)?;
        let slot = table
            .get_mut(section)
            .and_then(Value::as_table_mut)
            .and_then(|section| section.get_mut(name))
            .ok_or_else(unknown)?;
        let value = match slot {
            Value::Integer(_) => text.parse().ok().map(Value::Integer),
            Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
            _ => Some(Value::String(text.clone())),
        };
        *slot = value.ok_or_else(|| Failure::usage(format!("{key} cannot be {text:?}")))?;
    }
    table.try_into().or_usage(|| "the changed configuration".into())
}

/// The table of `docs/configuration.md`.
pub fn markdown() -> String {
    let defaults = Table::try_from(Config::new("ID", "suyuan", "usy")).unwrap_or_default();
    let mut text =
        String::from("| setting | default | environment | meaning |\n|---|---|---|---|\n");
    for Setting { key, help } in SETTINGS {
        let (section, name) = key.split_once('.').unwrap_or((*key, ""));
        let value = defaults.get(section).and_then(|section| section.get(name));
        let value = value.map_or_else(String::new, Value::to_string);
        text.push_str(&format!("| `{key}` | `{value}` | `{}` | {help} |\n", env_name(key)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_setting_of_the_file_and_no_other() {
        let config = Table::try_from(Config::new("c-1", "suyuan", "usy")).unwrap();
        let mut in_file = Vec::new();
        for (section, value) in &config {
            for name in value.as_table().into_iter().flat_map(Table::keys) {
                in_file.push(format!("{section}.{name}"));
            }
        }
        in_file.sort();
        let mut in_table: Vec<String> = SETTINGS.iter().map(|s| s.key.to_string()).collect();
        in_table.sort();
        assert_eq!(in_file, in_table);
    }

    #[test]
    fn the_document_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
        let document = std::fs::read_to_string(path).unwrap();
        assert!(document.contains(&markdown()), "docs/configuration.md must hold:\n{}", markdown());
    }

    #[test]
    fn later_changes_win_and_wrong_ones_are_refused() {
        let config = Config::new("c-1", "suyuan", "usy");
        let set = |changes: &[(&str, &str)]| {
            let changes: Vec<_> =
                changes.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
            apply(&config, &changes)
        };
        let changed = set(&[("mempool.count_max", "5"), ("mempool.count_max", "6")]).unwrap();
        assert_eq!(changed.mempool.count_max, 6);
        assert!(set(&[("listen.insecure", "true")]).unwrap().listen.insecure);
        for bad in [("mempool.count_max", "x"), ("listen.insecure", "yes"), ("no.such", "1")] {
            assert!(set(&[bad]).is_err(), "{bad:?}");
        }
        assert!(set(&[("mempool.count_max", "-1")]).is_err());
        assert_eq!(env_name("tls.client_ca"), "SUYUAN_TLS_CLIENT_CA");
        assert!(parse_assignment("nonsense").is_err() && parse_assignment("a.b=1").is_err());
    }
}
