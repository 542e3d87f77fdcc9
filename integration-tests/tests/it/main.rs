//! The whole house, from outside: real files, real RPC, real processes, stock judges.

mod all_or_nothing;
mod catena_x;
mod certificate;
mod contract_life;
mod cosmjs;
mod cosmpy;
mod flood;
mod gas_ledger;
mod gas_page;
mod gas_table;
mod idle_minutes;
mod kill;
mod kill_story;
mod light_client;
mod memory;
mod million;
mod network;
mod no_single_key;
mod power_story;
mod privacy;
mod program;
mod robot_story;
mod rust_clients;
mod state_proofs;
mod supply_story;
