//! The whole house, from outside: real files, real RPC, real processes, stock judges.

mod all_or_nothing;
mod catena_x;
mod contract_life;
mod cosmjs;
mod kill;
mod kill_story;
mod light_client;
mod robot_story;
mod state_proofs;
