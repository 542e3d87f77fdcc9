//! Events as types: one struct per event, one conversion, so that names and attributes stand in one place.

use cosmwasm_std::Event;

/// Something that a contract tells the outside.
pub trait TypedEvent: Sized {
    /// Name of the event; the chain puts `wasm-` before it. Snake case.
    const NAME: &'static str;

    /// Attributes in the order in which they appear. Values are never empty: leave the attribute out instead.
    fn attributes(&self) -> Vec<(&'static str, String)>;

    /// The event as the chain carries it.
    fn into_event(self) -> Event {
        Event::new(Self::NAME).add_attributes(self.attributes())
    }
}

/// Declares events of plain text attributes: one struct each, with its [`TypedEvent`].
///
/// ```
/// use suyuan_contract_kit::{typed_events, TypedEvent};
/// typed_events! {
///     /// A lamp was lit.
///     Lit = "lamp_lit" { lamp, by }
/// }
/// let event = Lit { lamp: "l1".into(), by: "acme".into() }.into_event();
/// assert_eq!(event.ty, "lamp_lit");
/// ```
#[macro_export]
macro_rules! typed_events {
    ($($(#[$doc:meta])* $name:ident = $kind:literal { $($field:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $(
                #[doc = concat!("Attribute `", stringify!($field), "`.")]
                pub $field: String,
            )+
        }

        impl $crate::TypedEvent for $name {
            const NAME: &'static str = $kind;

            fn attributes(&self) -> Vec<(&'static str, String)> {
                vec![$((stringify!($field), self.$field.clone())),+]
            }
        }
    )+};
}
