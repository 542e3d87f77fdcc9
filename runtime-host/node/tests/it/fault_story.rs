//! The host fails under a running node: the process ends by itself, says why, and nothing of the failed block is kept.

use std::io::Read as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use suyuan_client::{msg, Client, FaultClass, Rpc, Signer};

use crate::house::House;
use crate::kill_story::started;
use crate::node_story::{chain_with_alice, PREFIX};

/// Longest that a node may live on after its disk failed.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(50);

/// A node that gets an error, and not a signal, for a write beyond its limit. Gives the process and its URL.
pub fn node_that_hears_of_errors(house: &House) -> (Child, String) {
    let mut child = Command::new("/bin/sh")
        .args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#, env!("CARGO_BIN_EXE_suyuan")])
        .args(["start", "--rpc.laddr", "127.0.0.1:0", "--output", "json", "--home"])
        .arg(house.path())
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the node starts");
    let url = started(&mut child);
    (child, url)
}

/// From now on the system refuses every write of the process to a file.
fn take_the_disk_away(child: &Child) {
    let done = Command::new("prlimit")
        .args(["--pid", &child.id().to_string(), "--fsize=0:0"])
        .status()
        .expect("prlimit of util-linux");
    assert!(done.success());
}

pub fn ends_by_itself(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(LOOK);
    }
    child.kill().unwrap();
    panic!("the node still runs {PATIENCE:?} after its disk failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn v5_a_fault_of_the_host_ends_the_process_loudly() {
    let house = House::new();
    let (_home, alice) = chain_with_alice(&house);
    let bob = Signer::random(PREFIX).unwrap();
    let coin = || {
        let coins = msg::parse_coins("1usy").unwrap();
        vec![msg::bank_send(alice.address(), bob.address(), coins)]
    };
    let (mut child, url) = node_that_hears_of_errors(&house);
    let client = Client::over(Rpc::new(&url).unwrap().with_attempts(1)).await.unwrap();
    client.send(&alice, coin()).await.unwrap();

    take_the_disk_away(&child);
    assert!(client.send(&alice, coin()).await.is_err(), "nothing is acknowledged any more");
    let status = ends_by_itself(&mut child);
    assert_eq!(status.code(), Some(FaultClass::Local as i32), "{status}");
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    // EFBIG, in the words of the system.
    assert!(words.contains("File too large"), "{words}");

    // With the disk back, the chain goes on from its last whole block.
    let (mut child, url) = node_that_hears_of_errors(&house);
    let client = Client::connect(&url).await.unwrap();
    assert_eq!(client.query().balance(bob.address(), "usy").await.unwrap(), 1);
    client.send(&alice, coin()).await.unwrap();
    assert_eq!(client.query().balance(bob.address(), "usy").await.unwrap(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(house.answer(&["replay"])["agrees"], true);
}
