//! Events as blocks record and clients read them.

/// One key-value pair of an event. All attributes are indexed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// Name; never empty on a committed event (CosmJS fails on an empty key).
    pub key: String,
    /// Value; may be empty.
    pub value: String,
}

impl Attribute {
    /// A pair of `key` and `value`.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Attribute { key: key.into(), value: value.into() }
    }
}

/// A typed list of attributes in the order of emission.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// Type, for example `transfer` or `wasm-released`.
    pub kind: String,
    /// Attributes in order; a key may repeat.
    pub attributes: Vec<Attribute>,
}

impl Event {
    /// An event without attributes.
    pub fn new(kind: impl Into<String>) -> Self {
        Event { kind: kind.into(), attributes: Vec::new() }
    }

    /// The same event with one more attribute.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push(Attribute::new(key, value));
        self
    }

    /// Value of the first attribute named `key`.
    pub fn first(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.key == key).map(|a| a.value.as_str())
    }
}
