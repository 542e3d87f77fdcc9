//! Clause 13.3: a whole run of annex A.2, and nothing of what it hides in clear anywhere – files, state of every
//! height, blocks, transactions, results, events, logs. A planted secret is found in all of them, so that the
//! silence means something.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{ensure, Context as _, Result};
use base64::Engine as _;
use suyuan_cases::fault::Faults;
use suyuan_cases::goods::class;
use suyuan_cases::power::power_case;
use suyuan_cases::story::{Hidden, Secrecy, Writer};
use suyuan_client::deploy::{deploy, Plan};
use suyuan_client::Client;
use suyuan_core::sha256;
use suyuan_integration_tests::files;
use suyuan_integration_tests::house::{House, DENOM, PREFIX};
use suyuan_integration_tests::process::NodeProcess;
use suyuan_node::config::Home;
use suyuan_node::play::Player;
use suyuan_store::{Options, Order, Store};
use suyuan_trace_api::code::{ClassKind, Tracking};

/// A text that is no secret of the case, told in clear.
const PLANTED: &str = "planted-Ouyang-Feng-4711";
/// Characters of a text that is looked for at the least: shorter ones turn up by chance.
const NEEDLE_MIN: usize = 6;
/// Longest file that is looked into as a whole.
const FILE_MAX: u64 = 1 << 30;

/// Looks for many byte strings at once.
struct Scanner {
    needles: Vec<(String, Vec<u8>)>,
    starts: BTreeMap<[u8; 4], Vec<usize>>,
    second: Vec<bool>,
}

impl Scanner {
    fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut needles: Vec<(String, Vec<u8>)> = texts.into_iter().flat_map(forms).collect();
        needles.sort();
        needles.dedup();
        let mut starts: BTreeMap<[u8; 4], Vec<usize>> = BTreeMap::new();
        let mut second = vec![false; 1 << 16];
        for (place, (_, bytes)) in needles.iter().enumerate() {
            let head = [bytes[0], bytes[1], bytes[2], bytes[3]];
            starts.entry(head).or_default().push(place);
            second[usize::from(u16::from_be_bytes([head[0], head[1]]))] = true;
        }
        Scanner { needles, starts, second }
    }

    /// What is found in `bytes`, each needle once.
    fn find(&self, bytes: &[u8]) -> Vec<&str> {
        let mut found = vec![];
        for at in 0..bytes.len().saturating_sub(3) {
            let head = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
            if !self.second[usize::from(u16::from_be_bytes([head[0], head[1]]))] {
                continue;
            }
            for place in self.starts.get(&head).into_iter().flatten() {
                let (name, needle) = &self.needles[*place];
                if bytes[at..].starts_with(needle)
                    && !found.contains(&name.as_str())
                    && !by_chance(&bytes[..at], needle, &bytes[at + needle.len()..])
                {
                    found.push(name);
                }
            }
        }
        found
    }
}

/// Whether a number is no number of its own there: a piece of a longer row of digits, or the seconds of a time
/// (`T03:12:39.127085Z`). A log of many thousand lines meets a hidden position in its times now and then.
fn by_chance(before: &[u8], needle: &[u8], after: &[u8]) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    if needle.iter().all(u8::is_ascii_digit) {
        return digit(before.last()) || digit(after.first());
    }
    let time: Vec<u8> = before[before.len().saturating_sub(7)..]
        .iter()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { *byte })
        .collect();
    time == b"T00:00:" && needle.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// The texts of one secret: as a whole, its script parts, its list parts.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![text.to_owned()];
    parts.extend(text.split(", ").map(str::to_owned));
    let latin = text.find(|c: char| c.is_ascii_alphabetic());
    if let Some(at) = latin.filter(|at| *at > 0 && !text.is_ascii()) {
        parts.push(text[..at].trim().to_owned());
        parts.push(text[at..].trim().to_owned());
    }
    if text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        parts.push(text.replace('.', ""));
    }
    parts.retain(|part| part.len() >= NEEDLE_MIN);
    parts
}

/// The ways in which a text can be written: plain, as a JSON escape, in hex, base64 at each of its three places,
/// UTF-16, and as a hash without salt, which whoever guesses could test.
fn forms(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut forms = vec![];
    for part in parts(text) {
        let mut add = |how: &str, bytes: Vec<u8>| forms.push((format!("{part:?} {how}"), bytes));
        add("in clear", part.clone().into_bytes());
        if !part.is_ascii() {
            let escaped: String =
                part.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            add("as a JSON escape", escaped.into_bytes());
        }
        add("in UTF-16", part.encode_utf16().flat_map(u16::to_le_bytes).collect());
        add("in hex", hex::encode(&part).into_bytes());
        add("in capital hex", hex::encode_upper(&part).into_bytes());
        for shift in 0..3 {
            add("in base64", base64_inside(part.as_bytes(), shift));
        }
        let hash = sha256(part.as_bytes());
        add("as a hash", hash.to_vec());
        add("as a hash in hex", hex::encode(hash).into_bytes());
        add("as a hash in base64", base64_inside(&hash, 0));
    }
    forms.retain(|(_, bytes)| bytes.len() >= NEEDLE_MIN);
    forms
}

/// The characters of base64 that do not depend on what stands around `bytes`, `shift` bytes after a group's begin.
fn base64_inside(bytes: &[u8], shift: usize) -> Vec<u8> {
    let padded: Vec<u8> = vec![0; shift].into_iter().chain(bytes.iter().copied()).collect();
    let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&padded);
    let from = (shift * 8).div_ceil(6);
    let until = padded.len() * 8 / 6;
    text.as_bytes()[from..until].to_vec()
}

/// Everything that a node keeps or says, by the name of the place.
#[derive(Default)]
struct Places {
    found: BTreeMap<&'static str, Vec<String>>,
    bytes: BTreeMap<&'static str, u64>,
}

impl Places {
    fn look(&mut self, place: &'static str, scanner: &Scanner, bytes: &[u8]) {
        *self.bytes.entry(place).or_default() += bytes.len() as u64;
        let known = self.found.entry(place).or_default();
        for name in scanner.find(bytes) {
            if !known.iter().any(|old| old == name) {
                known.push(name.to_owned());
            }
        }
    }
}

async fn look_over_rpc(client: &Client, scanner: &Scanner, places: &mut Places) -> Result<()> {
    let tip = client.rpc().status().await?.sync_info.latest_block_height.value();
    for height in 1..=tip {
        let block = client.rpc().block(Some(height)).await?;
        for tx in &block.block.data {
            places.look("transactions", scanner, tx);
        }
        places.look("blocks", scanner, &serde_json::to_vec(&block)?);
        let results = client.rpc().block_results(height).await?;
        for result in results.txs_results.iter().flatten() {
            places.look("results", scanner, &result.data);
            places.look("results", scanner, result.log.as_bytes());
            for event in &result.events {
                for attribute in &event.attributes {
                    places.look("events", scanner, attribute.key_bytes());
                    places.look("events", scanner, attribute.value_bytes());
                }
            }
        }
        places.look("results", scanner, &serde_json::to_vec(&results)?);
    }
    Ok(())
}

/// All keys and values of every height that the node keeps, each value once.
fn look_into_state(home: &Home, scanner: &Scanner, places: &mut Places) -> Result<()> {
    let options = Options::new(&suyuan_app::STORES);
    let stores = options.stores.clone();
    let store = Store::open_disk(&home.state_dir(), options)?;
    let mut seen = std::collections::BTreeSet::new();
    for version in store.oldest_version()..=store.version() {
        let Some(snapshot) = store.snapshot_at(version)? else { continue };
        for name in &stores {
            for pair in snapshot.range(name, None, None, Order::Ascending)? {
                let (key, value) = pair?;
                let whole = [key.as_slice(), b"\0", value.as_slice()].concat();
                if seen.insert(sha256(&whole)) {
                    places.look("state", scanner, &key);
                    places.look("state", scanner, &value);
                }
            }
        }
    }
    ensure!(store.version() > 1, "the state is empty");
    Ok(())
}

fn look_into_files(folder: &Path, scanner: &Scanner, places: &mut Places) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            look_into_files(&path, scanner, places)?;
            continue;
        }
        ensure!(fs::metadata(&path)?.len() <= FILE_MAX, "{} is too long", path.display());
        let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        places.look("files", scanner, &bytes);
    }
    Ok(())
}

/// Plays annex A.2 with every fault, and then something that is told in clear.
async fn play(house: &House, url: &str) -> Result<(Client, Vec<Hidden>)> {
    let client = Client::connect(url).await?;
    let operator = house.signer(0)?;
    let plan = Plan::of_one_key(files::contracts()?, operator.address(), DENOM);
    let deployment = deploy(&client, &operator, &plan, |_| {}).await?;
    let mut player = Player::new(&client, &deployment, &operator, PREFIX);
    let case = power_case(1, &Faults::all()).context("scale 1")?;
    player.play(&case.story, |_| {}).await?;
    let mut writer = Writer::new("planted", 1_773_619_200_000).with_prefix("X");
    writer.join("planter", PLANTED, &["manufacturer"]);
    let planted = class(PLANTED, ClassKind::Equipment, Tracking::Serial, PLANTED, PLANTED);
    writer.class("planter", planted, 1);
    player.play(&writer.finish(), |_| {}).await?;
    Ok((client, case.story.hidden))
}

/// Clause 13.3: persons, exact positions, process parameters, customers and prices.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_run_of_annex_a2_hides_is_in_clear_anywhere_on_the_node() -> Result<()> {
    let house = House::new("privacy-1", 1)?;
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("node.log");
    let node = NodeProcess::start_talkative(&house.home(), &log)?;
    let (client, hidden) = play(&house, node.rpc_url()).await?;
    for kind in [
        Secrecy::Person,
        Secrecy::Position,
        Secrecy::Parameter,
        Secrecy::Customer,
        Secrecy::Contract,
    ] {
        ensure!(hidden.iter().any(|hidden| hidden.kind == kind), "the case hides no {kind:?}");
    }
    let secrets = Scanner::new(hidden.iter().map(|hidden| hidden.text.as_str()));
    let planted = Scanner::new([PLANTED]);
    ensure!(secrets.needles.len() > 1000, "only {} texts are looked for", secrets.needles.len());

    let (mut silent, mut loud) = (Places::default(), Places::default());
    for (scanner, places) in [(&secrets, &mut silent), (&planted, &mut loud)] {
        look_over_rpc(&client, scanner, places).await?;
    }
    drop(client);
    node.kill()?;
    for (scanner, places) in [(&secrets, &mut silent), (&planted, &mut loud)] {
        look_into_files(house.home().root(), scanner, places)?;
        let said = fs::read(&log)?;
        ensure!(!said.is_empty(), "the node logged nothing");
        places.look("log", scanner, &said);
        look_into_state(&house.home(), scanner, places)?;
    }
    for (place, found) in &silent.found {
        ensure!(found.is_empty(), "{place}: {found:?}");
        println!("{place}: {} bytes, nothing found", silent.bytes[place]);
    }
    for place in ["transactions", "blocks", "results", "events", "state", "files"] {
        ensure!(!loud.found[place].is_empty(), "{place}: the planted text is not found");
    }
    Ok(())
}

#[test]
fn the_scanner_finds_a_secret_however_it_is_written() {
    let scanner = Scanner::new(["李建国 Li Jianguo", "115.464523", "58.347 MS/m, 44.137 %RH"]);
    let wrap = |inner: &[u8]| [b"prefix ", inner, b" suffix"].concat();
    let engine = base64::engine::general_purpose::STANDARD;
    for shift in 0..3 {
        let around = [&b"abc"[..shift], "Li Jianguo".as_bytes(), b"xyz"].concat();
        let text = engine.encode(&around);
        assert!(!scanner.find(&wrap(text.as_bytes())).is_empty(), "base64 after {shift} bytes");
    }
    for text in [
        "Li Jianguo".to_owned(),
        "李建国".to_owned(),
        "\\u674e\\u5efa\\u56fd".to_owned(),
        hex::encode("李建国 Li Jianguo"),
        "115464523".to_owned(),
        "58.347 MS/m".to_owned(),
        hex::encode(sha256("115.464523".as_bytes())),
    ] {
        assert!(!scanner.find(&wrap(text.as_bytes())).is_empty(), "{text}");
    }
    let times = Scanner::new(["39.127085"]);
    assert!(times.find(b"2026-11-24T03:12:39.127085Z INFO").is_empty(), "a time is no position");
    assert!(times.find(b"177361920039127085000").is_empty(), "a piece of a number is no position");
    for text in ["at 39.127085Z", "T03:12:00Z 39.127085", "lat=39127085;", "39.1270850"] {
        assert!(!times.find(text.as_bytes()).is_empty(), "{text}");
    }
    for text in ["Li Jiangu", "115.46452", "58.347", "1154645"] {
        assert!(scanner.find(&wrap(text.as_bytes())).is_empty(), "{text}");
    }
}
