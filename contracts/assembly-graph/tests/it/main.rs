//! The graph from outside: through its entry points, alone and together with the other three contracts.

mod gas;
mod histories;
mod model;
mod rules;

mod world;
