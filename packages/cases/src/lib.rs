//! Stories to play on a chain, and a plain model to check its answers against.
//!
//! * [`story`] – what happens, as a list of steps that know no chain: who joins, which classes and codes there
//!   are, which events are recorded. Whoever plays a story signs and sends it.
//! * [`robot`] – the industrial robot of the standard's annex A.1, from a deterministic generator.
//! * [`catena_x`] – a Catena-X test-data file, read strictly, as a story.
//! * [`model`] – a graph in memory that applies the same operations and answers the same questions by plain
//!   recursion. It shares no code with the contract, so that agreement means something.
#![forbid(unsafe_code)]

pub mod catena_x;
pub mod genealogy;
pub mod model;
pub mod place;
pub mod robot;
pub mod story;
