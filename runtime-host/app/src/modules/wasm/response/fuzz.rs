//! What hostile contracts could answer: nothing of it makes the reader panic, and what it accepts it accepts again.

use cosmwasm_std::Binary;
use suyuan_vm_fuzz::drive::{explore, replay};
use suyuan_vm_fuzz::soak::Run;

use super::{parse, ContractResult, Response};

/// Changed answers in an ordinary run.
const SLICE: u64 = 20_000;
/// Changed answers of a soak.
const SOAK: u64 = 20_000_000;

fn fuzz_response(json: &[u8]) {
    let message = parse::<Response>(json);
    let query = parse::<Binary>(json);
    if let (Ok(ContractResult::Ok(_)), Ok(ContractResult::Ok(_))) = (&message, &query) {
        panic!("one text is the answer of a message and of a query");
    }
    if let Ok(ContractResult::Error(text)) = &message {
        let again = serde_json::to_vec(&serde_json::json!({ "error": text })).unwrap();
        let again = parse::<Response>(&again);
        assert!(matches!(again, Ok(ContractResult::Error(same)) if same == *text));
    }
}

#[test]
fn committed_answers_and_a_slice_of_changed_ones_break_no_promise() {
    assert!(replay("response", fuzz_response) > 5);
    explore("response", fuzz_response, 0, 0, SLICE);
}

#[test]
#[ignore = "takes an hour: make soak-fuzz"]
fn changed_answers_break_no_promise() {
    let run = Run { name: "response", cases: SOAK, chunk: SOAK / 200 };
    run.play(|seed, from, to| {
        explore("response", fuzz_response, seed, from, to);
        "{}".to_owned()
    });
}
