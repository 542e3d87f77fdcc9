//! What was pruned is refused in the words of the SDK over gRPC and REST; every height that is kept answers all of it.

use cosmos_sdk_proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use serde_json::json;
use tonic::{Code, Request};

use crate::chain::{run, start_pruning, DENOM, PREFIX};
use crate::grpc::{channel, whole};

const KEEP: u64 = 5;
const TRANSFERS: u64 = 12;

fn receiver() -> String {
    suyuan_core::address::encode(PREFIX, &[9; 20]).unwrap()
}

#[test]
fn a_pruned_height_is_refused_and_each_kept_height_answers() {
    run(async {
        let live = start_pruning(KEEP).await;
        let mut heights = vec![];
        for sequence in 0..TRANSFERS {
            let tx = live.signed(vec![live.transfer(&receiver(), 1)], sequence);
            heights.push(live.commit(tx).await.0);
        }
        live.settled().await;
        let latest = live.chain.latest_height();
        let oldest = latest + 1 - KEEP;
        let channel = channel(&live).await;
        let path = format!("/cosmos/bank/v1beta1/balances/{}/by_denom?denom={DENOM}", receiver());
        for height in 1..=latest {
            let mut request =
                Request::new(QueryBalanceRequest { address: receiver(), denom: DENOM.to_string() });
            request.metadata_mut().insert("x-cosmos-block-height", height.into());
            let method = "/cosmos.bank.v1beta1.Query/Balance";
            let told = whole::<_, QueryBalanceResponse>(&channel, method, request).await;
            let header = format!("x-cosmos-block-height: {height}\r\n");
            let rest = live.http("GET", &path, &header, "").await;
            let text = format!("failed to load state at height {height}; version does not exist");
            if height < oldest {
                let refused = told.unwrap_err();
                assert_eq!(refused.code(), Code::Unknown, "{height}");
                let said = format!("codespace sdk code 18: invalid request: {text}");
                assert_eq!(refused.message(), said);
                assert_eq!((rest.status, &rest.json()["code"]), (500, &json!(2)), "{height}");
                assert_eq!(rest.json()["message"], said);
            } else {
                let paid = heights.iter().filter(|paid| **paid <= height).count().to_string();
                assert_eq!(told.unwrap().into_inner().balance.unwrap().amount, paid, "{height}");
                assert_eq!(rest.json()["balance"]["amount"], paid, "{height}");
            }
            // Blocks are kept, whatever becomes of the state.
            let block = format!("/cosmos/base/tendermint/v1beta1/blocks/{height}");
            let (status, block) = live.get(&block).await;
            assert_eq!(
                (status, &block["block"]["header"]["height"]),
                (200, &json!(height.to_string()))
            );
        }
    });
}
