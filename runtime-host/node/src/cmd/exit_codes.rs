//! `suyuan exit-codes`: what a script can rely on.

use serde_json::{Map, Value};

use crate::context::Ctx;
use crate::fail::Done;
use crate::output;

/// The table, also shown by `suyuan help exit-codes`.
pub const TEXT: &str = "\
0  done
1  the chain refused: a transaction with a code other than 0, or a query answered with an error
2  the command line makes no sense, or was not confirmed
3  the node cannot be reached, did not answer in time, or answered something unreadable
4  a file, the keyring or the host of this machine failed; a node that meets a host fault stops with it
5  something was checked and found false (replay, proofs, certificates)
6  a certificate is consistent in itself, but nobody who is trusted vouches for its signers";

/// The same for who reads Chinese.
const TEXT_ZH: &str = "\
0  完成
1  被链拒绝：交易的 code 不为 0，或查询返回错误
2  命令行有误，或未经确认
3  无法连接节点、节点未及时应答，或应答无法解读
4  本机的文件、密钥库或主机出现故障；节点遇到主机故障即停止
5  核验结果不符（重放、证明、证书）
6  证书内容一致，但其签名者未经核实";

/// Prints the table: as lines for people, as an object by code for programs.
///
/// # Errors
/// None.
pub fn run(ctx: &Ctx) -> Done {
    let table = ctx.lang().pick(TEXT, TEXT_ZH);
    if ctx.is_text() {
        output::print_line(table);
        return Ok(());
    }
    let rows = table.lines().filter_map(|line| line.split_once("  "));
    let rows: Map<String, Value> =
        rows.map(|(code, meaning)| (code.to_string(), Value::from(meaning))).collect();
    ctx.print(&Value::Object(rows));
    Ok(())
}
