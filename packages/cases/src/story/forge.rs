//! Labels that nobody issued.

use suyuan_trace_api::code::{check_character, PresentedCode};

/// Another code with the same prefix and a right check character, on a real label's proof.
///
/// # Panics
/// Never for a code of a story: it has the alphabet's letters, and more than two of them.
pub fn made_up(label: &PresentedCode) -> PresentedCode {
    let body = &label.code[..label.code.len() - 1];
    let last = if body.ends_with('7') { '8' } else { '7' };
    let body = format!("{}{last}", &body[..body.len() - 1]);
    let check = check_character(&body).expect("letters of the alphabet");
    PresentedCode { code: format!("{body}{check}"), ..label.clone() }
}
