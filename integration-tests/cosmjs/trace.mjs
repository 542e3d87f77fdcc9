// Reads a trace as any client would: page after page, nothing remembered, nothing removed.
//
// The promise under test: whatever the page size, the pages together hold each unit and each link exactly once. So the
// pages are only concatenated, and a repetition is a failure of the chain, not something to clean up here.

import { check, checkEqual } from "./check.mjs";

/** Page sizes to read with. The smallest one makes the cursor carry the walk over every single step. */
const PAGE_SIZES = [1, 7, 30, 100];

/** Pages of one reading; far above what the largest trace of a test needs at one entry per page. */
const PAGES_MAX = 100_000;

/** All pages of a trace, concatenated. */
async function readPages(client, graph, root, direction, limit) {
  const units = [];
  const links = [];
  let cursor = null;
  let pages = 0;
  do {
    const page = await client.queryContractSmart(graph, {
      trace: { code: root, direction, view: null, limit, cursor },
    });
    check(
      page.units.length + page.links.length <= limit,
      `a page holds at most ${limit} units and links together`,
    );
    check(
      page.units.length + page.links.length > 0 || page.next === null,
      "a page that is followed by another one is not empty",
    );
    units.push(...page.units.map((unit) => unit.code));
    links.push(...page.links.map((link) => link.id));
    cursor = page.next;
    pages += 1;
    check(pages <= PAGES_MAX, `the trace ends within ${PAGES_MAX} pages`);
  } while (cursor !== null);
  return { units, links, pages };
}

function checkNoRepetition(entries, what) {
  const seen = new Set();
  for (const entry of entries) {
    check(!seen.has(entry), `${what} ${entry} comes once only`);
    seen.add(entry);
  }
}

/**
 * Reads the backward trace of `root` with each page size. All readings must be free of repetitions and equal; the
 * counts must be the expected ones where these are given.
 */
export async function traceEachOnce(client, graph, root, expected) {
  let first;
  const pages = {};
  for (const limit of PAGE_SIZES) {
    const trace = await readPages(client, graph, root, "backward", limit);
    checkNoRepetition(trace.units, "unit");
    checkNoRepetition(trace.links, "link");
    check(trace.units.includes(root), `the trace of ${root} holds the root itself`);
    first ??= trace;
    checkEqual(trace.units, first.units, `units in pages of ${limit}`);
    checkEqual(trace.links, first.links, `links in pages of ${limit}`);
    pages[limit] = trace.pages;
  }
  if (expected.units !== undefined) checkEqual(first.units.length, expected.units, "units in the trace");
  if (expected.links !== undefined) checkEqual(first.links.length, expected.links, "links in the trace");
  return { units: first.units.length, links: first.links.length, pages };
}
