//! The page at `GET /`: every method as a link, for people who open the node's address in a browser.

use crate::method::{MethodSpec, METHODS};

/// Renders the list of endpoints. Links are relative, so nothing of the request is echoed into the page.
pub(crate) fn endpoints() -> String {
    let mut page = String::from(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>Suyuan RPC</title></head><body>\
         <h1>Suyuan RPC</h1>",
    );
    section(&mut page, "Available endpoints", |spec| spec.args.is_empty());
    section(&mut page, "Endpoints that take arguments", |spec| !spec.args.is_empty());
    page.push_str("</body></html>");
    page
}

fn section(page: &mut String, title: &str, belongs: impl Fn(&MethodSpec) -> bool) {
    page.push_str("<h2>");
    page.push_str(title);
    page.push_str("</h2><ul>");
    for spec in METHODS.iter().filter(|spec| belongs(spec)) {
        let query: Vec<String> = spec.args.iter().map(|arg| format!("{arg}=_")).collect();
        let separator = if query.is_empty() { "" } else { "?" };
        let link = format!("{}{separator}{}", spec.name, query.join("&amp;"));
        page.push_str(&format!("<li><a href=\"/{link}\">{link}</a></li>"));
    }
    page.push_str("</ul>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_linked_with_its_arguments() {
        let page = endpoints();
        for spec in METHODS {
            assert!(page.contains(&format!("href=\"/{}", spec.name)), "{}", spec.name);
        }
        assert!(page.contains("/abci_query?path=_&amp;data=_&amp;height=_&amp;prove=_"));
    }
}
