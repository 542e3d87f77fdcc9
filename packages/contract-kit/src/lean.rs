//! Messages as entry points take them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use suyuan_trace_api::json::from_json;

/// A message that is read by the house's reader: cosmwasm-std's entry points would compile serde_json's for it. They
/// only find where the text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lean<T>(pub T);

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Lean<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(from)?.get();
        from_json(text).map(Lean).map_err(serde::de::Error::custom)
    }
}

impl<T: Serialize> Serialize for Lean<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<T> From<T> for Lean<T> {
    fn from(message: T) -> Self {
        Self(message)
    }
}

/// The doors of a contract: what the host calls. Each takes its message as [`Lean`] and hands it to the function of
/// the same name in the module where this stands, with `InstantiateMsg`, `ExecuteMsg` and `QueryMsg` of that module.
#[macro_export]
macro_rules! doors {
    ($error:ty) => {
        /// What the host calls: the functions of [`super`], with messages by the house's reader.
        pub mod doors {
            use cosmwasm_std::{
                entry_point, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response,
            };
            use $crate::Lean;

            /// [`super::instantiate`].
            ///
            /// # Errors
            /// Its own.
            #[entry_point]
            pub fn instantiate(
                deps: DepsMut<'_>,
                env: Env,
                info: MessageInfo,
                msg: Lean<super::InstantiateMsg>,
            ) -> Result<Response, $error> {
                super::instantiate(deps, env, info, msg.0)
            }

            /// [`super::execute`].
            ///
            /// # Errors
            /// Its own.
            #[entry_point]
            pub fn execute(
                deps: DepsMut<'_>,
                env: Env,
                info: MessageInfo,
                msg: Lean<super::ExecuteMsg>,
            ) -> Result<Response, $error> {
                super::execute(deps, env, info, msg.0)
            }

            /// [`super::query`].
            ///
            /// # Errors
            /// Its own.
            #[entry_point]
            pub fn query(
                deps: Deps<'_>,
                env: Env,
                msg: Lean<super::QueryMsg>,
            ) -> Result<Binary, $error> {
                super::query(deps, env, msg.0)
            }

            /// [`super::migrate`].
            ///
            /// # Errors
            /// Its own.
            #[entry_point]
            pub fn migrate(deps: DepsMut<'_>, env: Env, msg: Empty) -> Result<Response, $error> {
                super::migrate(deps, env, msg)
            }
        }
    };
}
