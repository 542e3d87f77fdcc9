use cosmwasm_std::{
    coins, to_json_vec as their_vec, Addr, AnyMsg, BankMsg, BlockInfo, ContractInfo, CosmosMsg,
    Empty, Env, Event, MessageInfo, ReplyOn, SubMsg, Timestamp, TransactionInfo, WasmMsg,
};
use proptest::prelude::*;

use super::*;

/// Texts with everything that JSON escapes, and some that it does not.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9]{0,12}",
        proptest::collection::vec(any::<char>(), 0..8).prop_map(|c| c.into_iter().collect())
    ]
}

fn binary() -> impl Strategy<Value = Binary> {
    proptest::collection::vec(any::<u8>(), 0..40).prop_map(Binary::new)
}

fn env() -> impl Strategy<Value = Env> {
    let transaction = proptest::option::of((any::<u32>(), binary()));
    (any::<u64>(), any::<u64>(), word(), transaction, word()).prop_map(
        |(height, nanos, chain_id, transaction, contract)| Env {
            block: BlockInfo { height, time: Timestamp::from_nanos(nanos), chain_id },
            transaction: transaction.map(|(index, hash)| TransactionInfo::new(index, hash)),
            contract: ContractInfo { address: Addr::unchecked(contract) },
        },
    )
}

fn info() -> impl Strategy<Value = MessageInfo> {
    (word(), proptest::collection::vec((any::<u128>(), word()), 0..3)).prop_map(
        |(sender, funds)| {
            let funds = funds.into_iter().map(|(amount, denom)| cosmwasm_std::coin(amount, denom));
            MessageInfo { sender: Addr::unchecked(sender), funds: funds.collect() }
        },
    )
}

fn message() -> impl Strategy<Value = CosmosMsg> {
    let send = (word(), any::<u128>(), word()).prop_map(|(to_address, amount, denom)| {
        CosmosMsg::Bank(BankMsg::Send { to_address, amount: coins(amount, denom) })
    });
    let execute = (word(), binary(), any::<u128>()).prop_map(|(contract_addr, msg, amount)| {
        let funds = if amount % 2 == 0 { vec![] } else { coins(amount, "usy") };
        CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, funds })
    });
    let instantiate = (proptest::option::of(word()), binary(), word(), binary()).prop_map(
        |(admin, msg, label, salt)| {
            let (code_id, funds) = (7, vec![]);
            let made = WasmMsg::Instantiate2 { admin, code_id, label, msg, funds, salt };
            CosmosMsg::Wasm(made)
        },
    );
    let migrate = (word(), any::<u64>(), binary()).prop_map(|(contract_addr, new_code_id, msg)| {
        CosmosMsg::Wasm(WasmMsg::Migrate { contract_addr, new_code_id, msg })
    });
    let admin = (word(), proptest::option::of(word())).prop_map(|(contract_addr, admin)| {
        CosmosMsg::Wasm(match admin {
            Some(admin) => WasmMsg::UpdateAdmin { contract_addr, admin },
            None => WasmMsg::ClearAdmin { contract_addr },
        })
    });
    let any_message =
        (word(), binary()).prop_map(|(type_url, value)| CosmosMsg::Any(AnyMsg { type_url, value }));
    let custom = Just(CosmosMsg::Custom(Empty {}));
    prop_oneof![send, execute, instantiate, migrate, admin, any_message, custom]
}

fn sub_message() -> impl Strategy<Value = SubMsg> {
    let reply = prop_oneof![
        Just(ReplyOn::Always),
        Just(ReplyOn::Error),
        Just(ReplyOn::Success),
        Just(ReplyOn::Never)
    ];
    (any::<u64>(), binary(), message(), proptest::option::of(any::<u64>()), reply).prop_map(
        |(id, payload, msg, gas_limit, reply_on)| SubMsg { id, payload, msg, gas_limit, reply_on },
    )
}

fn attributes() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec(("[a-z]{1,8}", word()), 0..4)
}

fn whole_response() -> impl Strategy<Value = Response> {
    let messages = proptest::collection::vec(sub_message(), 0..4);
    let events = proptest::collection::vec(("[a-z]{2,8}", attributes()), 0..3);
    (messages, attributes(), events, proptest::option::of(binary())).prop_map(
        |(messages, attributes, events, data)| {
            let events =
                events.into_iter().map(|(kind, list)| Event::new(kind).add_attributes(list));
            let mut response = Response::new()
                .add_submessages(messages)
                .add_attributes(attributes)
                .add_events(events.collect::<Vec<_>>());
            response.data = data;
            response
        },
    )
}

fn system_error() -> impl Strategy<Value = SystemError> {
    prop_oneof![
        (word(), binary())
            .prop_map(|(error, request)| SystemError::InvalidRequest { error, request }),
        (word(), binary())
            .prop_map(|(error, response)| SystemError::InvalidResponse { error, response }),
        word().prop_map(|addr| SystemError::NoSuchContract { addr }),
        any::<u64>().prop_map(|code_id| SystemError::NoSuchCode { code_id }),
        Just(SystemError::Unknown {}),
        word().prop_map(|kind| SystemError::UnsupportedRequest { kind }),
    ]
}

fn query_result() -> impl Strategy<Value = QuerierResult> {
    prop_oneof![
        binary().prop_map(|value| SystemResult::Ok(ContractResult::Ok(value))),
        word().prop_map(|error| SystemResult::Ok(ContractResult::Err(error))),
        system_error().prop_map(SystemResult::Err),
    ]
}

proptest! {
    #[test]
    fn what_the_host_hands_in_is_read_as_cosmwasm_std_reads_it(
        env in env(), info in info(), found in query_result(),
    ) {
        prop_assert_eq!(read::<Env>(&their_vec(&env).expect("json")), Ok(env));
        prop_assert_eq!(read::<MessageInfo>(&their_vec(&info).expect("json")), Ok(info));
        prop_assert_eq!(answered(&their_vec(&found).expect("json")), found);
    }

    #[test]
    fn responses_and_errors_have_the_bytes_of_cosmwasm_std(
        given in whole_response(), error in word(), data in binary(),
    ) {
        let theirs = their_vec(&ContractResult::Ok(&given)).expect("json");
        prop_assert_eq!(response(Ok(given)).expect("json"), theirs);
        let theirs = their_vec(&ContractResult::<Empty>::Err(error.clone())).expect("json");
        prop_assert_eq!(&response(Err(error.clone())).expect("json"), &theirs);
        prop_assert_eq!(&answer(Err(error)).expect("json"), &theirs);
        let theirs = their_vec(&ContractResult::Ok(&data)).expect("json");
        prop_assert_eq!(answer(Ok(data)).expect("json"), theirs);
    }

    #[test]
    fn an_entry_of_an_iterator_comes_out_as_it_went_in(
        key in proptest::collection::vec(any::<u8>(), 1..20),
        value in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let bytes = sections(&[&key, &value]);
        prop_assert_eq!(entry(bytes.clone()), Some((key, value)));
        prop_assert_eq!(entry(bytes[1..].to_vec()), None);
    }

    #[test]
    fn bytes_from_a_broken_host_stop_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = entry(bytes.clone());
        let is_answer = cosmwasm_std::from_json::<QuerierResult>(&bytes).is_ok();
        let found = answered(&bytes);
        let is_refused = matches!(found, SystemResult::Err(SystemError::InvalidResponse { .. }));
        prop_assert!(is_answer || is_refused);
    }
}

#[test]
fn an_iterator_ends_with_an_empty_key() {
    assert_eq!(entry(sections(&[b"", b""])), None);
    assert_eq!(entry(vec![]), None);
}

#[test]
fn an_env_of_a_chain_before_or_after_ours_is_read() {
    let text = br#"{"block":{"height":1,"time":"2","chain_id":"c","new":[1.5]},"contract":{"address":"a"}}"#;
    let env = read::<Env>(text).expect("an env without transaction");
    assert_eq!((env.block.height, env.transaction), (1, None));
    assert!(read::<Env>(br#"{"block":{"height":1,"time":2,"chain_id":"c"}}"#).is_err());
}
