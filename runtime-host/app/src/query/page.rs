//! Pages over the records of a prefix: bounded in records and bytes, with an empty `next_key` at the end.

use super::{invalid, QueryFail};
use crate::exec::prefix_end;
use crate::limits::{PAGE_DEFAULT, PAGE_MAX, PAGE_SDK_MAX};
use cosmos_sdk_proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use suyuan_store::{Order, Snapshot};

/// Most bytes of keys and values in one page; a page ends early, with its `next_key`, rather than grow beyond.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most records skipped or counted for `offset` and `count_total`, which cost the node a walk.
const WALK_MAX: u64 = 10_000;

/// A checked page request.
pub(super) struct Page {
    key: Vec<u8>,
    offset: u64,
    limit: u64,
    count_total: bool,
    reverse: bool,
}

impl Page {
    /// Pages of the wasm module: by key only.
    pub(super) fn by_key(request: Option<PageRequest>) -> Result<Page, QueryFail> {
        let Some(request) = request else {
            return Ok(Page {
                key: Vec::new(),
                offset: 0,
                limit: PAGE_DEFAULT,
                count_total: false,
                reverse: false,
            });
        };
        if request.offset != 0 || request.count_total {
            return Err(invalid("offset and count queries not supported"));
        }
        Page::any(Some(request), false, PAGE_MAX)
    }

    /// Pages of the SDK's modules: by key, or by offset with an optional count.
    pub(super) fn by_key_or_offset(request: Option<PageRequest>) -> Result<Page, QueryFail> {
        Page::any(request, true, PAGE_SDK_MAX)
    }

    fn any(
        request: Option<PageRequest>,
        counts_by_default: bool,
        limit_max: u64,
    ) -> Result<Page, QueryFail> {
        let request = request.unwrap_or_default();
        if request.offset > 0 && !request.key.is_empty() {
            return Err(invalid("invalid request, either offset or key is expected, got both"));
        }
        if request.offset > WALK_MAX {
            return Err(invalid(format!("offset above {WALK_MAX}; page by key")));
        }
        let limit = if request.limit == 0 { PAGE_DEFAULT } else { request.limit.min(limit_max) };
        Ok(Page {
            count_total: request.key.is_empty()
                && (request.count_total || (counts_by_default && request.limit == 0)),
            key: request.key,
            offset: request.offset,
            limit,
            reverse: request.reverse,
        })
    }

    /// The records of this page whose keys start with `prefix`, keys without it.
    pub(super) fn records(
        &self,
        snapshot: &Snapshot,
        store: &str,
        prefix: &[u8],
    ) -> Result<(Vec<(Vec<u8>, Vec<u8>)>, PageResponse), QueryFail> {
        let at_key = [prefix, &self.key].concat();
        let (start, end, order) = if !self.reverse {
            (at_key, prefix_end(prefix), Order::Ascending)
        } else if self.key.is_empty() {
            (prefix.to_vec(), prefix_end(prefix), Order::Descending)
        } else {
            // The key itself is the first of the page.
            (prefix.to_vec(), Some([&at_key[..], &[0]].concat()), Order::Descending)
        };
        let (mut records, mut response) = (Vec::new(), PageResponse::default());
        let (mut seen, mut bytes) = (0u64, 0usize);
        for record in snapshot.range(store, Some(&start), end.as_deref(), order)? {
            let (key, value) = record?;
            seen += 1;
            if seen <= self.offset {
                continue;
            }
            let full = records.len() as u64 == self.limit || bytes > PAGE_BYTES_MAX;
            let suffix = key[prefix.len()..].to_vec();
            if full && response.next_key.is_empty() {
                response.next_key.clone_from(&suffix);
            }
            if full && (!self.count_total || seen > WALK_MAX) {
                break;
            }
            if !full {
                bytes = bytes.saturating_add(suffix.len()).saturating_add(value.len());
                records.push((suffix, value));
            }
        }
        if self.count_total {
            response.total = seen;
        }
        Ok((records, response))
    }
}
