//! Sentences of networks.

use super::Lang;

impl Lang {
    /// One or several blocks of a network since the last line.
    pub fn network_blocks_line(self, from: u64, to: u64, app_hash: &str) -> String {
        let heights = if from == to { format!("{to}") } else { format!("{from}-{to}") };
        self.pick(
            format!("height {heights:>9}  state {app_hash}"),
            format!("高度 {heights:>9}  状态 {app_hash}"),
        )
    }

    /// Where a node of a network is.
    pub fn node_line(self, name: &str, height: &str, rest: &str) -> String {
        self.pick(
            format!("{name:<8} height {height:>9}  {rest}"),
            format!("{name:<8} 高度 {height:>9}  {rest}"),
        )
    }

    /// The node stops where the operator wanted it.
    pub fn halted(self, height: u64) -> String {
        self.pick(
            format!("halted at height {height}, as told: another program can go on"),
            format!("已按要求在高度 {height} 停机：可由新程序继续"),
        )
    }

    /// A node ended by itself.
    pub fn node_ended(self, name: &str, status: &str) -> String {
        self.pick(format!("{name} has ended: {status}"), format!("{name} 已退出：{status}"))
    }
}
