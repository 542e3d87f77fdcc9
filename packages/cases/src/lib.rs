//! Stories to play on a chain, and a plain model to check its answers against.
//!
//! * [`story`] – what happens, as a list of steps that know no chain: who joins, which classes and codes there
//!   are, which events are recorded, what must be refused. Whoever plays a story signs and sends it.
//! * [`fault`] – what goes wrong in a case, chosen by a flag.
//! * [`robot`], [`power`], [`supply`] – the cases of the standard's annexes A.1, A.2 and A.3, from deterministic
//!   generators.
//! * [`catena_x`] – a Catena-X test-data file, read strictly, as a story.
//! * [`written`] – JSON of others exactly as it is written, for every reader of documents.
//! * [`model`] – a graph in memory that applies the same operations and answers the same questions by plain
//!   recursion. It shares no code with the contracts, so that agreement means something.
#![forbid(unsafe_code)]

pub mod catena_x;
pub mod fault;
pub mod genealogy;
pub mod goods;
pub mod model;
pub mod place;
pub mod power;
pub mod robot;
pub mod site;
pub mod story;
pub mod supply;
pub mod written;

#[cfg(test)]
mod tests;
