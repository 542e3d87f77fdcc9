//! Every sentence that commands say to people, in both languages side by side.
//!
//! Names of flags, JSON keys and log lines stay English: programs read them.

mod network;

use clap::ValueEnum;
use suyuan_trace_api::code::Verdict;

/// Language of what people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 中文
    Zh,
}

impl Lang {
    /// Chooses between the two texts.
    pub fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// Beside every new or listed key.
    pub fn keys_are_plain(self, dir: &str) -> String {
        self.pick(
            format!("Keys are stored unencrypted in {dir} (readable by you alone). Do not use them for anything of value."),
            format!("密钥未加密保存在 {dir}（仅本人可读），请勿用于任何有价值的用途。"),
        )
    }

    /// Before a new mnemonic.
    pub fn write_it_down(self) -> &'static str {
        self.pick(
            "Write this mnemonic down now: it is the only way to recover the key and is not shown again.",
            "请立即抄写助记词：它是恢复密钥的唯一途径，不会再次显示。",
        )
    }

    /// Prompt for a mnemonic on a terminal.
    pub fn enter_mnemonic(self) -> &'static str {
        self.pick("Enter the BIP-39 mnemonic:", "请输入 BIP-39 助记词：")
    }

    /// Question before a transaction is sent.
    pub fn confirm_tx(self) -> &'static str {
        self.pick("Sign and send this transaction? [y/N]", "签名并发送此交易？[y/N]")
    }

    /// After the answer "no".
    pub fn cancelled(self) -> &'static str {
        self.pick("cancelled: nothing was sent", "已取消：没有发送任何内容")
    }

    /// The chosen gas limit.
    pub fn gas_estimate(self, gas: u64) -> String {
        self.pick(format!("gas estimate: {gas}"), format!("燃料估计：{gas}"))
    }

    /// After `init`.
    pub fn initialised(self, chain_id: &str, home: &str) -> String {
        self.pick(
            format!(
                "Chain {chain_id} is ready in {home}. Start it with: suyuan start --home {home}"
            ),
            format!("链 {chain_id} 已在 {home} 就绪。启动命令：suyuan start --home {home}"),
        )
    }

    /// After `init` without accounts.
    pub fn no_accounts(self) -> &'static str {
        self.pick(
            "No genesis account was given, so nobody can send the first transaction. Example: suyuan init --overwrite --genesis-account alice=1000000usy",
            "未指定创世账户，因此无人能发送第一笔交易。例如：suyuan init --overwrite --genesis-account alice=1000000usy",
        )
    }

    /// Refusal to touch an initialised home.
    pub fn already_initialised(self, home: &str) -> String {
        self.pick(
            format!("{home} is initialised already; --overwrite replaces its genesis, keys of the validator and data"),
            format!("{home} 已初始化；--overwrite 会替换其创世文件、验证者密钥和数据"),
        )
    }

    /// When a command needs a home that `init` made.
    pub fn not_initialised(self, home: &str) -> String {
        self.pick(
            format!("{home} holds no chain; make one with: suyuan init --home {home}"),
            format!("{home} 中没有链；请先执行：suyuan init --home {home}"),
        )
    }

    /// First line of `start`.
    pub fn banner(self, version: &str) -> String {
        self.pick(
            format!("Suyuan 溯源 {version} - one validator, real Tendermint blocks"),
            format!("溯源 Suyuan {version} — 单验证者，真实 Tendermint 区块"),
        )
    }

    /// Label in the banner.
    pub fn label_chain(self) -> &'static str {
        self.pick("chain", "链")
    }

    /// Label in the banner.
    pub fn label_home(self) -> &'static str {
        self.pick("home", "目录")
    }

    /// Label in the banner.
    pub fn label_rpc(self) -> &'static str {
        self.pick("rpc", "接口")
    }

    /// Label in the banner.
    pub fn label_blocks(self) -> &'static str {
        self.pick("blocks", "出块")
    }

    /// Label in the banner.
    pub fn label_height(self) -> &'static str {
        self.pick("height", "高度")
    }

    /// Last line of the banner.
    pub fn how_to_stop(self) -> &'static str {
        self.pick("Stop with Ctrl-C.", "按 Ctrl-C 停止。")
    }

    /// One or several blocks since the last line.
    pub fn blocks_line(self, from: u64, to: u64, txs: u64, failed: u64, app_hash: &str) -> String {
        let heights = if from == to { format!("{to}") } else { format!("{from}-{to}") };
        self.pick(
            format!("height {heights:>9}  {txs:>5} txs  {failed:>3} refused  state {app_hash}"),
            format!("高度 {heights:>9}  交易 {txs:>5}  拒绝 {failed:>3}  状态 {app_hash}"),
        )
    }

    /// When a signal arrived.
    pub fn stopping(self) -> &'static str {
        self.pick("stopping ...", "正在停止……")
    }

    /// After a clean stop.
    pub fn stopped(self, height: u64) -> String {
        self.pick(format!("stopped at height {height}"), format!("已停止，高度 {height}"))
    }

    /// Result of `replay`.
    pub fn replay_agrees(self, blocks: u64, txs: u64, app_hash: &str) -> String {
        self.pick(
            format!("{blocks} blocks with {txs} transactions re-executed; every app hash and result agrees. State {app_hash}"),
            format!("已重新执行 {blocks} 个区块、{txs} 笔交易，所有状态哈希与结果一致。状态 {app_hash}"),
        )
    }

    /// Step of `deploy`.
    pub fn deploy_store(self, name: &str) -> String {
        self.pick(format!("storing {name} ..."), format!("上传 {name} ……"))
    }

    /// Step of `deploy`.
    pub fn deploy_instantiate(self, name: &str) -> String {
        self.pick(format!("starting {name} ..."), format!("实例化 {name} ……"))
    }

    /// Step of `deploy`.
    pub fn deploy_wire(self) -> &'static str {
        self.pick("wiring the contracts ...", "连接合约……")
    }

    /// When no deployment is known.
    pub fn not_deployed(self, path: &str) -> String {
        self.pick(
            format!("no deployment at {path}; run: suyuan deploy --from KEY"),
            format!("{path} 处没有部署信息；请先执行：suyuan deploy --from KEY"),
        )
    }

    /// When the demo is given a document but not told to play it.
    pub fn document_needs_its_case(self) -> &'static str {
        self.pick(
            "--file and --root belong to --case catena-x",
            "--file 和 --root 须与 --case catena-x 同用",
        )
    }

    /// When the part to trace is not there.
    pub fn not_in_document(self, id: &str, file: &str) -> String {
        self.pick(format!("{id} is not in {file}"), format!("{file} 中没有 {id}"))
    }

    /// When a document holds a part that the chain knows.
    pub fn already_imported(self, id: &str, code: &str, line: usize, column: usize) -> String {
        self.pick(
            format!("line {line}, column {column}: {id} is on this chain already, as unit {code}; nothing was sent"),
            format!("第 {line} 行第 {column} 列：{id} 已在链上（单元 {code}）；没有发送任何内容"),
        )
    }

    /// When the importer of documents belongs to somebody else.
    pub fn imported_with_another_key(self, importer: &str) -> String {
        self.pick(
            format!("{importer} belongs to another key on this chain; import with --from and the key that imported first. Nothing was sent"),
            format!("{importer} 在此链上属于另一密钥；请用 --from 指定首次导入所用的密钥。没有发送任何内容"),
        )
    }

    /// Heading of a trace.
    pub fn trace_heading(self, back: bool, code: &str) -> String {
        match back {
            true => self.pick(format!("{code} is made of"), format!("{code} 的来源")),
            false => self.pick(format!("{code} went into"), format!("{code} 的去向")),
        }
    }

    /// Count below a trace.
    pub fn trace_count(self, units: usize, links: usize, height: u64) -> String {
        self.pick(
            format!("{units} units, {links} links, at height {height}"),
            format!("{units} 个追溯单元，{links} 条关联，高度 {height}"),
        )
    }

    /// What the star at a maker means.
    pub fn declared_maker(self) -> &'static str {
        self.pick(
            "* declared maker, not registered on this chain",
            "* 仅声明的制造者，未在链上注册",
        )
    }

    /// Mark of a part that is no longer there.
    pub fn mark_removed(self) -> &'static str {
        self.pick("removed", "已拆除")
    }

    /// Mark of a link that contradicts another.
    pub fn mark_disputed(self) -> &'static str {
        self.pick("disputed", "有争议")
    }

    /// Mark of a link that is only possible.
    pub fn mark_potential(self) -> &'static str {
        self.pick("potential", "可能")
    }

    /// A unit whose parts were printed above.
    pub fn shown_above(self) -> &'static str {
        self.pick("see above", "见上文")
    }

    /// What a scan found.
    pub fn verdict(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Genuine => self.pick("genuine", "真品"),
            Verdict::GenuineAlreadySold => self.pick("genuine, sold before", "真品，此前已售出"),
            Verdict::Held => self.pick("held", "已冻结"),
            Verdict::Recalled => self.pick("recalled", "已召回"),
            Verdict::Expired => self.pick("past its date", "已过期"),
            Verdict::AwaitingQuality => self.pick("waiting for its quality record", "待质检"),
            Verdict::NotYetActive => self.pick("not yet in use", "尚未启用"),
            Verdict::Ended => self.pick("at the end of its life", "生命周期已结束"),
            Verdict::Unknown => self.pick("unknown", "未知"),
            Verdict::Forged => self.pick("forged", "伪造"),
            Verdict::SuspectClone => self.pick("suspected of being a copy", "疑似复制"),
        }
    }

    /// Names of the recall groups: must, may, already gone.
    pub fn recall_groups(self) -> [&'static str; 3] {
        self.pick(
            ["must be recalled", "may be affected", "already gone"],
            ["必须召回", "可能受影响", "已流出"],
        )
    }
}
