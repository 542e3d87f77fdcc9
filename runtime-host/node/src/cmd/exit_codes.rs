//! `suyuan exit-codes`: what a script can rely on.

use crate::fail::Done;
use crate::output;

/// The table, also shown by `suyuan help exit-codes`.
pub const TEXT: &str = "\
0  done
1  the chain refused: a transaction with a code other than 0, or a query answered with an error
2  the command line makes no sense, or was not confirmed
3  the node cannot be reached, did not answer in time, or answered something unreadable
4  a file, the keyring or the host of this machine failed; a node that meets a host fault stops with it
5  something was checked and found false (replay, proofs)";

/// Prints the table.
///
/// # Errors
/// None.
pub fn run() -> Done {
    output::print_line(TEXT);
    Ok(())
}
