//! The doors of a contract: what the host calls.

/// Exports `instantiate`, `execute`, `query` and `migrate` of the module where this stands, with `InstantiateMsg`,
/// `ExecuteMsg` and `QueryMsg` of that module. Only wasm has doors; tests call the functions themselves.
///
/// cosmwasm-std's `entry_point` does the same with serde_json around it (see [`crate::frame`]); memory (`allocate`,
/// `deallocate`) and marks of the interface (`interface_version_8`, `requires_…`) are still cosmwasm-std's.
#[macro_export]
macro_rules! doors {
    () => {
        #[cfg(target_arch = "wasm32")]
        mod doors {
            use $crate::host::{change_as, change_by, look};

            #[no_mangle]
            extern "C" fn instantiate(env: u32, info: u32, msg: u32) -> u32 {
                change_by::<super::InstantiateMsg, _>(super::instantiate, env, info, msg)
            }

            #[no_mangle]
            extern "C" fn execute(env: u32, info: u32, msg: u32) -> u32 {
                change_by::<super::ExecuteMsg, _>(super::execute, env, info, msg)
            }

            #[no_mangle]
            extern "C" fn query(env: u32, msg: u32) -> u32 {
                look::<super::QueryMsg, _>(super::query, env, msg)
            }

            #[no_mangle]
            extern "C" fn migrate(env: u32, msg: u32) -> u32 {
                change_as(super::migrate, env, msg)
            }
        }
    };
}
