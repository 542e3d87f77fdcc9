//! What a command knows besides its own arguments: home, node, keys, language, form of output.

use std::future::Future;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use suyuan_client::client::ClientOptions;
use suyuan_client::{Client, Deployment, Rpc, Signer};

use crate::cli::{Globals, KeyringBackend};
use crate::config::{Config, Home};
use crate::fail::{Done, Failure, OrFail};
use crate::keyring::{AskPassphrase, Keyring};
use crate::lang::Lang;
use crate::output::{self, Format};

/// Node that is asked when nothing else is known.
pub const NODE_DEFAULT: &str = "http://127.0.0.1:26657";
/// Prefix of addresses when neither home nor flag names one.
pub const PREFIX_DEFAULT: &str = "suyuan";

/// The surroundings of a command.
#[derive(Debug)]
pub struct Ctx {
    /// The global flags as given.
    pub globals: Globals,
    /// Files of the node.
    pub home: Home,
    /// Configuration of the home, if it was initialised.
    pub config: Option<Config>,
}

impl Ctx {
    /// Finds the home and reads its configuration.
    ///
    /// # Errors
    /// Local if there is a configuration and it cannot be read, or no home directory is known.
    pub fn new(globals: Globals) -> Done<Self> {
        let root = match &globals.home {
            Some(dir) => dir.clone(),
            None => default_home()?,
        };
        let home = Home::new(root);
        let config = Config::load_if_any(&home)?;
        Ok(Ctx { globals, home, config })
    }

    /// Language of what people read.
    pub fn lang(&self) -> Lang {
        self.globals.lang
    }

    /// Form of answers.
    pub fn format(&self) -> Format {
        self.globals.output
    }

    /// True if people read the answer.
    pub fn is_text(&self) -> bool {
        self.format() == Format::Text
    }

    /// Prints an answer in the chosen form.
    pub fn print(&self, value: &serde_json::Value) {
        output::print_value(self.format(), value);
    }

    /// Says something beside the answer, to people only.
    pub fn say(&self, line: &str) {
        if self.is_text() {
            output::notice(line);
        }
    }

    /// The configuration, or the advice to run `init`.
    ///
    /// # Errors
    /// Local if the home was not initialised.
    pub fn config(&self) -> Done<&Config> {
        self.config.as_ref().ok_or_else(|| {
            Failure::local(self.lang().not_initialised(&self.home.root().display().to_string()))
        })
    }

    /// Prefix of addresses.
    pub fn prefix(&self) -> &str {
        self.globals
            .prefix
            .as_deref()
            .or(self.config.as_ref().map(|c| c.prefix.as_str()))
            .unwrap_or(PREFIX_DEFAULT)
    }

    /// Base denomination.
    pub fn denom(&self) -> &str {
        self.config.as_ref().map_or(crate::genesis::DENOM_DEFAULT, |c| c.denom.as_str())
    }

    /// The keyring in force.
    pub fn keyring(&self) -> Keyring {
        self.keyring_of(self.prefix())
    }

    /// The keyring in force, with addresses under another prefix.
    pub fn keyring_of(&self, prefix: &str) -> Keyring {
        let root = self.globals.keyring_dir.as_deref().unwrap_or(self.home.root());
        match self.globals.keyring_backend {
            KeyringBackend::Test => Keyring::new(root, prefix),
            KeyringBackend::File => Keyring::encrypted(root, prefix, passphrase_once()),
        }
    }

    /// URL of the node: the flag, else the node that runs on this home, else the default.
    pub fn node_url(&self) -> String {
        if let Some(url) = &self.globals.node {
            return url.clone();
        }
        match std::fs::read_to_string(self.home.rpc_addr_file()) {
            Ok(addr) => format!("http://{}", addr.trim()),
            Err(_) => NODE_DEFAULT.to_string(),
        }
    }

    /// The node's RPC, verified by `--ca` if it is given.
    ///
    /// # Errors
    /// Usage for a bad address or certificate; local if the file cannot be read.
    pub fn rpc(&self) -> Done<Rpc> {
        let ca = match &self.globals.ca {
            None => None,
            Some(path) => {
                Some(std::fs::read(path).or_local(|| format!("reading {}", path.display()))?)
            }
        };
        Ok(Rpc::with_ca(&self.node_url(), ca.as_deref())?)
    }

    /// A client for queries and transactions, with the options of the flags.
    ///
    /// # Errors
    /// Usage for bad flags; network if the node does not answer.
    pub async fn client(&self) -> Done<Client> {
        let client = Client::over(self.rpc()?).await?;
        let expected = self.globals.chain_id.as_deref();
        if let Some(wanted) = expected.filter(|id| *id != client.chain_id()) {
            return Err(Failure::usage(format!(
                "the node at {} runs chain {}, not {wanted}",
                client.rpc().url(),
                client.chain_id()
            )));
        }
        let flags = &self.globals.tx;
        Ok(client.with_options(ClientOptions {
            gas: flags.gas(),
            fee: suyuan_client::msg::parse_coins(&flags.fees)?,
            memo: flags.note.clone(),
            ..ClientOptions::default()
        }))
    }

    /// The key named by `--from`, or the only key that there is.
    ///
    /// # Errors
    /// Usage if none is named and there is not exactly one; local for keyring errors.
    pub fn signer(&self) -> Done<Signer> {
        let ring = self.keyring();
        if let Some(name) = &self.globals.tx.from {
            return Ok(ring.find_any(name)?.signer);
        }
        let mut keys = ring.list()?;
        match (keys.pop(), keys.len()) {
            (Some(only), 0) => Ok(only.signer),
            (None, _) => Err(Failure::local(format!(
                "no key in {}; make one with: suyuan keys add NAME",
                ring.dir().display()
            ))),
            _ => Err(Failure::usage("several keys are there; name one with --from")),
        }
    }

    /// Turns a key name into its address; an address stays what it is.
    ///
    /// # Errors
    /// Local for keyring errors; usage if it is neither.
    pub fn address_of(&self, name_or_address: &str) -> Done<String> {
        let ring = self.keyring();
        if ring.contains(name_or_address) {
            return Ok(ring.find(name_or_address)?.signer.address().to_string());
        }
        if let Some(several) = ring.multisig(name_or_address)? {
            return Ok(several.address);
        }
        suyuan_core::address::decode(self.prefix(), name_or_address)
            .map(|_| name_or_address.to_string())
            .or_usage(|| format!("{name_or_address:?} is neither a key nor an address"))
    }

    /// The contracts that `deploy` put on the chain.
    ///
    /// # Errors
    /// Local if nothing was deployed from this home.
    pub fn deployment(&self) -> Done<Deployment> {
        let path = self.home.deployment_file();
        let text = std::fs::read_to_string(&path)
            .map_err(|_| Failure::local(self.lang().not_deployed(&path.display().to_string())))?;
        serde_json::from_str(&text).or_local(|| format!("reading {}", path.display()))
    }

    /// Asks a yes-or-no question if somebody is there to answer; without a terminal the answer must be given by `-y`.
    ///
    /// # Errors
    /// Usage if the answer is no, or nobody can answer.
    pub fn confirm(&self, question: &str) -> Done {
        if self.globals.tx.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            return Err(Failure::usage("not confirmed: add --yes when no terminal is attached"));
        }
        output::notice(question);
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).or_local(|| "reading the answer".into())?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" | "是" => Ok(()),
            _ => Err(Failure::usage(self.lang().cancelled())),
        }
    }

    /// Runs a command that talks to a node.
    ///
    /// # Errors
    /// Those of the command; local if the runtime cannot start.
    pub fn block_on<F: Future<Output = Done>>(&self, command: F) -> Done {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .or_local(|| "starting the async runtime".into())?;
        runtime.block_on(command)
    }
}

/// Asks for the passphrase once per process: the file that `SUYUAN_KEYRING_PASSPHRASE_FILE` names, else the terminal.
fn passphrase_once() -> AskPassphrase {
    let known = std::sync::OnceLock::<String>::new();
    std::sync::Arc::new(move || {
        if let Some(passphrase) = known.get() {
            return Ok(passphrase.clone());
        }
        let passphrase = ask_passphrase()?;
        Ok(known.get_or_init(|| passphrase).clone())
    })
}

/// The passphrase of the keyring, or of a key that is written or read.
///
/// # Errors
/// Usage if nobody can be asked; local for the file or the terminal.
pub fn ask_passphrase() -> Done<String> {
    if let Some(path) = std::env::var_os("SUYUAN_KEYRING_PASSPHRASE_FILE") {
        let text = std::fs::read_to_string(&path)
            .or_local(|| format!("reading {}", Path::new(&path).display()))?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_string());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(
            "no terminal to ask for the passphrase on: name a file in SUYUAN_KEYRING_PASSPHRASE_FILE",
        ));
    }
    rpassword::prompt_password("Keyring passphrase: ").or_local(|| "reading the passphrase".into())
}

fn default_home() -> Done<PathBuf> {
    let user = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    match user {
        Some(dir) => Ok(Path::new(&dir).join(".suyuan")),
        None => Err(Failure::usage("no home directory is known; give --home")),
    }
}
