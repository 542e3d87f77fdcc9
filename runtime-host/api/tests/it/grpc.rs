//! Claims about gRPC, asked by tonic.

use std::time::Duration;

use cosmos_sdk_proto::cosmos::auth::v1beta1::{QueryAccountRequest, QueryAccountResponse};
use cosmos_sdk_proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use cosmos_sdk_proto::cosmos::base::node::v1beta1::{ConfigRequest, ConfigResponse};
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1::{
    GetBlockByHeightRequest, GetBlockByHeightResponse, GetLatestBlockRequest,
    GetLatestBlockResponse, GetLatestValidatorSetRequest, GetLatestValidatorSetResponse,
    GetNodeInfoRequest, GetNodeInfoResponse,
};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{
    BroadcastTxRequest, BroadcastTxResponse, GetBlockWithTxsRequest, GetBlockWithTxsResponse,
    GetTxRequest, GetTxResponse, GetTxsEventRequest, GetTxsEventResponse, SimulateRequest,
    SimulateResponse, Tx, TxDecodeAminoRequest, TxDecodeAminoResponse, TxDecodeRequest,
    TxDecodeResponse, TxEncodeAminoRequest, TxEncodeAminoResponse, TxEncodeRequest,
    TxEncodeResponse,
};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    QueryCodeRequest, QueryCodeResponse, QueryContractInfoRequest, QuerySmartContractStateRequest,
    QuerySmartContractStateResponse,
};
use prost::Message;
use suyuan_api::ApiLimits;
use suyuan_core::address;
use tonic::client::Grpc;
use tonic::codec::ProstCodec;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1alpha::server_reflection_client::ServerReflectionClient as AlphaClient;

use crate::chain::{echo, run, start, start_with, Live, DENOM, PREFIX};

pub async fn channel(live: &Live) -> Channel {
    Endpoint::from_shared(format!("http://{}", live.grpc)).unwrap().connect().await.unwrap()
}

pub async fn whole<Q, R>(
    channel: &Channel,
    path: &'static str,
    request: Request<Q>,
) -> Result<Response<R>, Status>
where
    Q: Message + Send + Sync + 'static,
    R: Message + Default + Send + Sync + 'static,
{
    let mut client = Grpc::new(channel.clone()).max_decoding_message_size(64 << 20);
    client.ready().await.unwrap();
    let codec: ProstCodec<Q, R> = ProstCodec::default();
    let path = axum::http::uri::PathAndQuery::from_static(path);
    client.unary(request, path, codec).await
}

async fn ask<Q, R>(channel: &Channel, path: &'static str, request: Q) -> Result<R, Status>
where
    Q: Message + Send + Sync + 'static,
    R: Message + Default + Send + Sync + 'static,
{
    whole(channel, path, Request::new(request)).await.map(Response::into_inner)
}

#[test]
fn what_cw_orch_and_cosmpy_ask_first_is_answered() {
    run(async {
        let live = start().await;
        let channel = channel(&live).await;
        let info: GetNodeInfoResponse = ask(
            &channel,
            "/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo",
            GetNodeInfoRequest {},
        )
        .await
        .unwrap();
        assert_eq!(info.default_node_info.unwrap().network, "api-1");
        assert_eq!(info.application_version.unwrap().cosmos_sdk_version, "v0.50.9");
        let latest: GetLatestBlockResponse = ask(
            &channel,
            "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock",
            GetLatestBlockRequest {},
        )
        .await
        .unwrap();
        // The deprecated field must be there, whole enough to be a block again.
        let block = tendermint::Block::try_from(latest.block.unwrap()).unwrap();
        assert_eq!(block.header.chain_id.as_str(), "api-1");
        let proposer = latest.sdk_block.unwrap().header.unwrap().proposer_address;
        assert!(proposer.starts_with("suyuanvalcons1"), "{proposer}");
        let set: GetLatestValidatorSetResponse = ask(
            &channel,
            "/cosmos.base.tendermint.v1beta1.Service/GetLatestValidatorSet",
            GetLatestValidatorSetRequest { pagination: None },
        )
        .await
        .unwrap();
        assert_eq!((set.validators.len(), set.validators[0].address.clone()), (1, proposer));
        let config: ConfigResponse =
            ask(&channel, "/cosmos.base.node.v1beta1.Service/Config", ConfigRequest {})
                .await
                .unwrap();
        assert_eq!(config.pruning_keep_recent, "0");
    });
}

#[test]
fn a_transaction_goes_in_and_is_found_again() {
    run(async {
        let live = start().await;
        let channel = channel(&live).await;
        let tx = live.signed(vec![live.transfer(&stranger(), 5)], 0);
        let request = SimulateRequest { tx_bytes: tx.clone(), ..Default::default() };
        let simulated: SimulateResponse =
            ask(&channel, "/cosmos.tx.v1beta1.Service/Simulate", request).await.unwrap();
        assert!(simulated.gas_info.unwrap().gas_used > 10_000);
        let broadcast = |bytes: Vec<u8>, mode| {
            ask::<_, BroadcastTxResponse>(
                &channel,
                "/cosmos.tx.v1beta1.Service/BroadcastTx",
                BroadcastTxRequest { tx_bytes: bytes, mode },
            )
        };
        let sent = broadcast(tx.clone(), 2).await.unwrap().tx_response.unwrap();
        assert_eq!((sent.code, sent.raw_log.as_str(), sent.height), (0, "", 0));
        assert_eq!(broadcast(tx.clone(), 1).await.unwrap_err().code(), Code::InvalidArgument);
        assert_eq!(broadcast(vec![], 2).await.unwrap_err().code(), Code::InvalidArgument);
        let refused = broadcast(live.signed(vec![live.transfer(&stranger(), 5)], 9), 2).await;
        let refused = refused.unwrap().tx_response.unwrap();
        assert_eq!((refused.code, refused.codespace.as_str()), (32, "sdk"));
        let found = until_found(&channel, &sent.txhash).await;
        let response = found.tx_response.unwrap();
        assert_eq!(response.txhash, sent.txhash);
        assert_eq!((response.code, response.raw_log.as_str()), (0, ""));
        // Whole seconds and a Z, or cw-orch stops.
        assert_eq!(response.timestamp.len(), "2006-01-02T15:04:05Z".len());
        assert!(response.timestamp.ends_with('Z'));
        assert!(response.events.iter().any(|e| e.r#type == "transfer"));
        assert_eq!(response.tx.unwrap().value, tx);
        assert_eq!(found.tx.unwrap().encode_to_vec(), Tx::decode(&tx[..]).unwrap().encode_to_vec());
        let again = broadcast(tx.clone(), 2).await.unwrap().tx_response.unwrap();
        assert_eq!((again.code, again.codespace.as_str()), (19, "sdk"));
        searches_find(&channel, &live, response.height, &sent.txhash).await;
    });
}

async fn until_found(channel: &Channel, hash: &str) -> GetTxResponse {
    for _ in 0..200 {
        let request = GetTxRequest { hash: hash.to_string() };
        match ask(channel, "/cosmos.tx.v1beta1.Service/GetTx", request).await {
            Ok(found) => return found,
            Err(status) => {
                assert_eq!(status.code(), Code::NotFound);
                assert_eq!(status.message(), format!("tx not found: {hash}"));
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    panic!("{hash} came into no block");
}

async fn searches_find(channel: &Channel, live: &Live, height: i64, hash: &str) {
    let search = |request| {
        ask::<_, GetTxsEventResponse>(channel, "/cosmos.tx.v1beta1.Service/GetTxsEvent", request)
    };
    let by_query = GetTxsEventRequest {
        query: format!("transfer.recipient='{}'", stranger()),
        order_by: 2,
        ..Default::default()
    };
    let found = search(by_query).await.unwrap();
    assert_eq!((found.total, found.tx_responses[0].txhash.as_str()), (1, hash));
    #[allow(deprecated, reason = "clients of older SDKs send this field")]
    let by_events = GetTxsEventRequest {
        events: vec![format!("tx.height={height}"), format!("message.sender='{}'", live.sender)],
        limit: 1,
        ..Default::default()
    };
    assert_eq!(search(by_events).await.unwrap().txs.len(), 1);
    assert_eq!(
        search(GetTxsEventRequest::default()).await.unwrap_err().code(),
        Code::InvalidArgument
    );
    let request = GetBlockWithTxsRequest { height, pagination: None };
    let block: GetBlockWithTxsResponse =
        ask(channel, "/cosmos.tx.v1beta1.Service/GetBlockWithTxs", request).await.unwrap();
    assert_eq!((block.txs.len(), block.pagination.unwrap().total), (1, 1));
    assert_eq!(block.block.unwrap().header.unwrap().height, height);
    let ahead = GetBlockByHeightRequest { height: height + 1_000 };
    let ahead = ask::<_, GetBlockByHeightResponse>(
        channel,
        "/cosmos.base.tendermint.v1beta1.Service/GetBlockByHeight",
        ahead,
    );
    assert_eq!(ahead.await.unwrap_err().code(), Code::InvalidArgument);
}

fn stranger() -> String {
    address::encode(PREFIX, &[9; 20]).unwrap()
}

#[test]
fn abci_query_answers_the_same_methods_with_abci_codes() {
    run(async {
        let live = start().await;
        let ask = |path: &'static str, data: Vec<u8>| {
            let services = live.services.clone();
            tokio::task::spawn_blocking(move || services.abci_query(path, &data, 0, false).unwrap())
        };
        let info = ask("/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo", vec![]);
        let info = GetNodeInfoResponse::decode(&info.await.unwrap().value[..]).unwrap();
        assert_eq!(info.default_node_info.unwrap().network, "api-1");
        let hash = "00".repeat(32);
        let request = GetTxRequest { hash: hash.clone() }.encode_to_vec();
        let missing = ask("/cosmos.tx.v1beta1.Service/GetTx", request).await.unwrap();
        assert_eq!((missing.code, missing.codespace.as_str()), (22, "sdk"));
        let text = format!("rpc error: code = NotFound desc = tx not found: {hash}: key not found");
        assert_eq!(missing.log, text);
        assert!(missing.height > 0);
        let unknown = ask("/cosmos.tx.v1beta1.Service/Nothing", vec![]).await.unwrap();
        assert_eq!(
            (unknown.code, unknown.log.as_str()),
            (6, "unknown query path: unknown request")
        );
        let simulate = ask("/cosmos.tx.v1beta1.Service/Simulate", vec![]).await.unwrap();
        assert_eq!(simulate.code, 18, "{}", simulate.log);
        let staking = ask("/cosmos.staking.v1beta1.Query/Params", vec![]).await.unwrap();
        assert_eq!((staking.code, staking.height > 0), (6, true));
    });
}

#[test]
fn transactions_are_taken_apart_and_put_together() {
    run(async {
        let live = start().await;
        let channel = channel(&live).await;
        let tx = live.signed(vec![live.transfer(&stranger(), 5)], 0);
        let parts: TxDecodeResponse = ask(
            &channel,
            "/cosmos.tx.v1beta1.Service/TxDecode",
            TxDecodeRequest { tx_bytes: tx.clone() },
        )
        .await
        .unwrap();
        let whole: TxEncodeResponse =
            ask(&channel, "/cosmos.tx.v1beta1.Service/TxEncode", TxEncodeRequest { tx: parts.tx })
                .await
                .unwrap();
        assert_eq!(whole.tx_bytes, tx);
    });
}

/// Transactions in amino as wasmd 0.61 encodes and decodes them.
const AMINO: &str = include_str!("../../../services/testdata/amino.json");

#[test]
fn amino_transactions_are_encoded_and_decoded_as_wasmd_does() {
    run(async {
        let live = start().await;
        let channel = channel(&live).await;
        let vectors: Vec<serde_json::Value> = serde_json::from_str(AMINO).unwrap();
        for vector in &vectors {
            let amino_json = vector["json"].as_str().unwrap().to_string();
            let encoded: TxEncodeAminoResponse = ask(
                &channel,
                "/cosmos.tx.v1beta1.Service/TxEncodeAmino",
                TxEncodeAminoRequest { amino_json },
            )
            .await
            .unwrap();
            let hex = suyuan_core::hex_lower(&encoded.amino_binary);
            assert_eq!(hex, vector["binary"], "{}", vector["name"]);
            let decoded: TxDecodeAminoResponse = ask(
                &channel,
                "/cosmos.tx.v1beta1.Service/TxDecodeAmino",
                TxDecodeAminoRequest { amino_binary: encoded.amino_binary },
            )
            .await
            .unwrap();
            assert_eq!(decoded.amino_json, vector["back"], "{}", vector["name"]);
        }
        let path = "/cosmos.tx.v1beta1.Service/TxEncodeAmino";
        let empty: Result<TxEncodeAminoResponse, _> =
            ask(&channel, path, TxEncodeAminoRequest::default()).await;
        assert_eq!(empty.unwrap_err().code(), Code::InvalidArgument);
        let amino_json = r#"{"type":"x/y","value":{}}"#.to_string();
        let other: Result<TxEncodeAminoResponse, _> =
            ask(&channel, path, TxEncodeAminoRequest { amino_json }).await;
        assert_eq!(other.unwrap_err().code(), Code::Unknown);
    });
}

#[test]
fn a_height_in_the_metadata_reads_the_past_and_comes_back() {
    run(async {
        let live = start().await;
        let channel = channel(&live).await;
        let (height, _) = live.commit(live.signed(vec![live.transfer(&stranger(), 5)], 0)).await;
        let at = |asked: Option<String>| {
            let mut request =
                Request::new(QueryBalanceRequest { address: stranger(), denom: DENOM.to_string() });
            if let Some(asked) = asked {
                request.metadata_mut().insert("x-cosmos-block-height", asked.parse().unwrap());
            }
            whole::<_, QueryBalanceResponse>(
                &channel,
                "/cosmos.bank.v1beta1.Query/Balance",
                request,
            )
        };
        for (asked, amount) in [(Some(height), "5"), (Some(height - 1), "0"), (None, "5")] {
            let response = at(asked.map(|h| h.to_string())).await.unwrap();
            let read: u64 = response
                .metadata()
                .get("x-cosmos-block-height")
                .unwrap()
                .to_str()
                .unwrap()
                .parse()
                .unwrap();
            assert!(asked.is_none_or(|asked| asked == read));
            assert_eq!(response.into_inner().balance.unwrap().amount, amount);
        }
        assert_eq!(at(Some("x".into())).await.unwrap_err().code(), Code::InvalidArgument);
        let ahead = at(Some("999999".into())).await.unwrap_err();
        assert!(ahead.message().contains("height in the future"), "{}", ahead.message());
    });
}

#[test]
fn contracts_answer_and_failures_have_the_sdks_codes() {
    run(async {
        let live = start().await;
        let contract = live.deploy(0).await;
        let channel = channel(&live).await;
        let smart = |data: &str| {
            ask::<_, QuerySmartContractStateResponse>(
                &channel,
                "/cosmwasm.wasm.v1.Query/SmartContractState",
                QuerySmartContractStateRequest {
                    address: contract.clone(),
                    query_data: data.as_bytes().to_vec(),
                },
            )
        };
        assert_eq!(smart(r#"{"ok":"e30="}"#).await.unwrap().data, b"{}");
        let failed = smart(r#"{"error":"no"}"#).await.unwrap_err();
        assert_eq!(
            (failed.code(), failed.message()),
            (Code::Unknown, "codespace wasm code 9: query wasm contract failed: no")
        );
        let code: QueryCodeResponse =
            ask(&channel, "/cosmwasm.wasm.v1.Query/Code", QueryCodeRequest { code_id: 1 })
                .await
                .unwrap();
        assert_eq!(code.data, echo());
        let none = ask::<_, QueryAccountResponse>(
            &channel,
            "/cosmos.auth.v1beta1.Query/Account",
            QueryAccountRequest { address: stranger() },
        );
        assert_eq!(none.await.unwrap_err().code(), Code::NotFound);
        let none = ask::<_, ()>(
            &channel,
            "/cosmwasm.wasm.v1.Query/ContractInfo",
            QueryContractInfoRequest { address: stranger() },
        );
        assert!(none.await.unwrap_err().message().contains("no such contract"));
        for path in
            ["/cosmos.staking.v1beta1.Query/Params", "/ibc.core.client.v1.Query/ClientState"]
        {
            assert_eq!(
                ask::<_, ()>(&channel, path, ()).await.unwrap_err().code(),
                Code::Unimplemented
            );
        }
    });
}

#[test]
fn a_request_above_the_limit_is_refused_and_the_connection_lives_on() {
    run(async {
        let limits = ApiLimits { request_bytes_max: 10_000, ..ApiLimits::default() };
        let live = start_with(limits).await;
        let channel = channel(&live).await;
        let send = |len: usize| {
            ask::<_, TxDecodeResponse>(
                &channel,
                "/cosmos.tx.v1beta1.Service/TxDecode",
                TxDecodeRequest { tx_bytes: vec![0xff; len] },
            )
        };
        assert_eq!(send(20_000).await.unwrap_err().code(), Code::OutOfRange);
        assert_eq!(send(100).await.unwrap_err().code(), Code::InvalidArgument);
    });
}

#[test]
fn reflection_tells_the_services_and_their_files() {
    run(async {
        let live = start().await;
        let channel = channel(&live).await;
        let list =
            |what| ServerReflectionRequest { host: String::new(), message_request: Some(what) };
        let requests = vec![
            list(MessageRequest::ListServices(String::new())),
            list(MessageRequest::FileContainingSymbol("cosmwasm.wasm.v1.Query".to_string())),
        ];
        let mut client = ServerReflectionClient::new(channel.clone());
        let mut answers =
            client.server_reflection_info(tokio_stream::iter(requests)).await.unwrap().into_inner();
        let first = answers.message().await.unwrap().unwrap().message_response.unwrap();
        let MessageResponse::ListServicesResponse(services) = first else { panic!("{first:?}") };
        let names: Vec<&str> = services.service.iter().map(|s| s.name.as_str()).collect();
        for name in [
            "cosmos.auth.v1beta1.Query",
            "cosmos.bank.v1beta1.Query",
            "cosmos.tx.v1beta1.Service",
            "cosmos.base.tendermint.v1beta1.Service",
            "cosmwasm.wasm.v1.Query",
        ] {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
        let second = answers.message().await.unwrap().unwrap().message_response.unwrap();
        let MessageResponse::FileDescriptorResponse(files) = second else { panic!("{second:?}") };
        assert!(!files.file_descriptor_proto.is_empty());

        let request = tonic_reflection::pb::v1alpha::ServerReflectionRequest {
            host: String::new(),
            message_request: Some(
                tonic_reflection::pb::v1alpha::server_reflection_request::MessageRequest::ListServices(
                    String::new(),
                ),
            ),
        };
        let mut client = AlphaClient::new(channel);
        let mut answers = client
            .server_reflection_info(tokio_stream::iter([request]))
            .await
            .unwrap()
            .into_inner();
        assert!(answers.message().await.unwrap().is_some());
    });
}

#[test]
fn the_servers_end_when_told_although_a_client_holds_on() {
    run(async {
        let mut live = start().await;
        let channel = channel(&live).await;
        let _: ConfigResponse =
            ask(&channel, "/cosmos.base.node.v1beta1.Service/Config", ConfigRequest {})
                .await
                .unwrap();
        live.stop.send(true).unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(10), async {
            while let Some(ended) = live.servers.join_next().await {
                ended.unwrap().unwrap();
            }
        });
        ended.await.unwrap();
        assert!(tokio::net::TcpStream::connect(live.grpc).await.is_err());
    });
}
