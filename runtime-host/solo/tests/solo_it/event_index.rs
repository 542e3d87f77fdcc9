//! The event index: whatever is asked, the answer is that of reading every block, at every stage of the index.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;
use suyuan_solo::query::Query;
use suyuan_solo::{Chain, ChainError, Page, SearchOrder, EVENT_INDEX_DIR};

use crate::support::{Rig, Setup};

const ALL: Page = Page { page: None, per_page: Some(100) };

fn indexed(folder: &Path) -> Setup {
    Setup { index: Some(folder.join(EVENT_INDEX_DIR)), ..Setup::default() }
}

/// Some transactions of three accounts, some of which fail, in several blocks.
fn play(rig: &Rig, from: u64, to: u64) {
    for i in from..to {
        rig.commit(&format!("alice:{i}:{}", i % 7));
        if i % 2 == 0 {
            rig.commit(&format!("bob:{}:9007199254740993", i / 2));
        }
        if i % 3 == 0 {
            rig.commit(&format!("carol/x-1:{}:5:{}", i / 3, "pad"));
        }
    }
    rig.rest();
}

const QUERIES: &[&str] = &[
    "message.sender='alice'",
    "message.sender='nobody'",
    "message.action='/toy.Add' AND message.sender='bob'",
    "message.sender='alice' AND transfer.recipient='alice'",
    "transfer.recipient='alice' AND transfer.amount='3usy'",
    "transfer.recipient='alice' AND transfer.amount > 3",
    "transfer.amount >= 5",
    "transfer.amount < 2 AND transfer.recipient CONTAINS 'lic'",
    "transfer.amount = 9007199254740993",
    "transfer.amount = 9007199254740992",
    "transfer.amount EXISTS",
    "transfer EXISTS",
    "transfer.amount EXISTS AND message.sender EXISTS",
    "message.sender CONTAINS '/x-'",
    "message.sender CONTAINS 'o' AND message.action EXISTS",
    "nothing.at EXISTS",
    "tm.event='Tx'",
    "tx.height > 3 AND message.sender='alice'",
    "tx.height >= 3 AND tx.height <= 9 AND transfer.amount > 0",
    "tx.height = 4",
    "tx.height > 2",
];

/// What reading every block says.
fn read_all(chain: &Chain, text: &str) -> Vec<(u64, u32)> {
    let reserved = ["tx.hash", "tx.height"];
    let query = Query::parse(text).unwrap();
    let Some(range) = query.narrow("tx.height", 1..=chain.latest_height()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for height in range {
        let results = chain.block_results(Some(height as i64)).unwrap();
        for (index, result) in results.tx_results.iter().enumerate() {
            if query.matches_one_event(&result.events, &reserved) {
                found.push((height, index as u32));
            }
        }
    }
    found
}

fn searched(chain: &Chain, text: &str, order: SearchOrder) -> Vec<(u64, u32)> {
    let mut found = Vec::new();
    for page in 1.. {
        let page = Page { page: Some(page), per_page: Some(7) };
        let answer = chain.tx_search(text, false, page, order).unwrap();
        found.extend(answer.txs.iter().map(|tx| (tx.height, tx.index)));
        if found.len() as u64 >= answer.total {
            break;
        }
    }
    found
}

fn assert_all(chain: &Chain) {
    for text in QUERIES {
        let expected = read_all(chain, text);
        assert_eq!(searched(chain, text, SearchOrder::Ascending), expected, "{text}");
        let turned: Vec<_> = expected.into_iter().rev().collect();
        assert_eq!(searched(chain, text, SearchOrder::Descending), turned, "{text}");
    }
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The same chain again, from what was on disk, with the index in `folder`.
fn again(rig: &Rig, folder: &Path) -> Rig {
    let disk = rig.disk.clone();
    let blocks = rig.blocks.bytes();
    Setup { disk, blocks, ..indexed(folder) }.start().unwrap()
}

#[test]
fn the_index_answers_as_reading_every_block_does() {
    let folder = tempfile::tempdir().unwrap();
    let rig = indexed(folder.path()).start().unwrap();
    play(&rig, 0, 30);
    assert_all(&rig.chain);
    assert!(!read_all(&rig.chain, "transfer.amount > 3").is_empty(), "the oracle finds something");
    rig.chain.shutdown().unwrap();
    // After the end the folder is free and searches read the log.
    assert_all(&rig.chain);
}

#[test]
fn without_an_index_searches_read_the_log() {
    let rig = Setup::default().start().unwrap();
    play(&rig, 0, 9);
    assert_all(&rig.chain);
    rig.chain.shutdown().unwrap();
}

#[test]
fn blocks_are_found_by_their_own_events() {
    let folder = tempfile::tempdir().unwrap();
    let rig = indexed(folder.path()).start().unwrap();
    play(&rig, 0, 6);
    let latest = rig.chain.latest_height();
    let heights = |text: &str, order| -> Vec<u64> {
        let answer = rig.chain.block_search(text, ALL, order).unwrap();
        assert_eq!(answer.total as usize, answer.blocks.len(), "{text}");
        answer.blocks.iter().map(|b| b.block.header.height.value()).collect()
    };
    let up = SearchOrder::Ascending;
    assert_eq!(heights("toy.height='3'", up), [3]);
    assert_eq!(heights("toy.height >= 3 AND block.height < 6", up), [3, 4, 5]);
    assert_eq!(heights("toy EXISTS AND toy.height CONTAINS '2'", up).first(), Some(&2));
    assert_eq!(heights("block.height > 2 AND block.height <= 4", SearchOrder::Descending), [4, 3]);
    assert_eq!(heights("toy.height EXISTS", up), (1..=latest).collect::<Vec<_>>());
    assert!(heights("block.height > 99999", up).is_empty());
    rig.chain.shutdown().unwrap();
}

#[test]
fn an_index_that_is_behind_missing_foreign_or_broken_is_mended_from_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let (first, early, foreign) =
        (folder.path().join("a"), folder.path().join("early"), folder.path().join("foreign"));
    let rig = indexed(&first).start().unwrap();
    play(&rig, 0, 8);
    assert_all(&rig.chain);
    rig.chain.shutdown().unwrap();
    copy_dir(&first, &early);
    let rig = again(&rig, &first);
    play(&rig, 8, 20);
    rig.chain.shutdown().unwrap();
    let other = Setup {
        genesis: suyuan_solo::Genesis::new(
            "other-1",
            crate::support::genesis().genesis_time,
            serde_json::json!({}),
        )
        .unwrap(),
        ..indexed(&foreign)
    };
    let other = other.start().unwrap();
    play(&other, 0, 40);
    other.chain.shutdown().unwrap();

    let broken = folder.path().join("broken");
    copy_dir(&first, &broken);
    ruin(&broken);
    let missing = folder.path().join("missing");
    for folder in [early, missing, foreign, broken] {
        let rig = again(&rig, &folder);
        assert_all(&rig.chain);
        rig.chain.shutdown().unwrap();
    }
}

/// Overwrites the begin of every file.
fn ruin(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            ruin(&path);
        } else if fs::metadata(&path).unwrap().len() > 0 {
            fs::write(&path, b"this is no index").unwrap();
        }
    }
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn an_index_whose_files_end_early_never_gives_another_answer() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let rig = indexed(&whole).start().unwrap();
    play(&rig, 0, 12);
    assert_all(&rig.chain);
    rig.chain.shutdown().unwrap();
    let mut all = Vec::new();
    files(&whole, &mut all);
    all.retain(|path| fs::metadata(path).unwrap().len() > 64);
    all.sort();
    for (at, path) in all.iter().enumerate().take(6) {
        for part in [1u64, 2, 3] {
            let copy = folder.path().join(format!("cut-{at}-{part}"));
            copy_dir(&whole, &copy);
            let target = copy.join(path.strip_prefix(&whole).unwrap());
            let length = fs::metadata(&target).unwrap().len();
            let file = fs::OpenOptions::new().write(true).open(&target).unwrap();
            file.set_len(length * part / 4).unwrap();
            let rig = again(&rig, &copy);
            assert_all(&rig.chain);
            rig.chain.shutdown().unwrap();
        }
    }
}

#[test]
fn a_search_that_would_read_too_much_is_refused_and_narrowing_helps() {
    let rig = Setup::default().start().unwrap();
    play(&rig, 0, 3);
    let answer = rig.chain.tx_search("a='", false, ALL, SearchOrder::Ascending);
    assert!(matches!(answer, Err(ChainError::Query(_))), "{answer:?}");
    let page = Page { page: Some(9), per_page: None };
    let refused = rig.chain.tx_search("tx.height>0", false, page, SearchOrder::Ascending);
    assert_eq!(refused.unwrap_err().to_string(), "page should be within [1, 1] range, given 9");
    rig.chain.shutdown().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// Random transactions, and random queries over their few words.
    #[test]
    fn index_and_log_agree_on_random_chains(
        txs in proptest::collection::vec((0..3usize, 0..30u64), 1..25),
        picks in proptest::collection::vec((0..4usize, 0..6usize, 0..30u64), 1..20),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let rig = indexed(folder.path()).start().unwrap();
        let mut next = [0u64; 3];
        for (who, amount) in txs {
            rig.commit(&format!("acc{who}:{}:{amount}", next[who]));
            next[who] += 1;
        }
        for (tag, test, number) in picks {
            let tag = ["message.sender", "transfer.amount", "transfer.recipient", "message.action"][tag];
            let test = match test {
                0 => format!("='acc{}'", number % 3),
                1 => format!(">{number}"),
                2 => format!("<={number}"),
                3 => format!("CONTAINS '{}'", number % 10),
                4 => "EXISTS".to_string(),
                _ => format!("='{number}usy'"),
            };
            let text = format!("{tag} {test} AND tx.height > {}", number / 3);
            prop_assert_eq!(searched(&rig.chain, &text, SearchOrder::Ascending), read_all(&rig.chain, &text), "{}", text);
        }
        rig.chain.shutdown().unwrap();
    }
}

#[test]
fn a_search_waits_for_the_index_but_never_long() {
    let folder = tempfile::tempdir().unwrap();
    let rig = indexed(folder.path()).start().unwrap();
    let begin = std::time::Instant::now();
    for i in 0..20 {
        let height = rig.commit(&format!("alice:{i}:1")).height;
        let text = format!("message.sender='alice' AND tx.height={height}");
        let found = rig.chain.tx_search(&text, false, ALL, SearchOrder::Ascending).unwrap();
        assert_eq!(found.total, 1, "a committed transaction is found at once");
    }
    assert!(begin.elapsed() < Duration::from_secs(20));
    rig.chain.shutdown().unwrap();
}
