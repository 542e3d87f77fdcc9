//! Namespaces of a document: what a prefix before a colon stands for.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::{Fault, Reason};
use crate::json::{At, Json};

/// How the EPCIS context ends, whatever its host and version.
const EPCIS_CONTEXT: &str = "epcis-context.jsonld";

/// Prefixes that the EPCIS context defines itself.
const STANDARD: [(&str, &str); 8] = [
    ("cbv", "https://ref.gs1.org/cbv/"),
    ("cbvmda", "urn:epcglobal:cbv:mda:"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("epcis", "https://ref.gs1.org/epcis/"),
    ("gs1", "https://gs1.org/voc/"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// What the `@context` of a document says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    prefixes: BTreeMap<String, String>,
    terms: BTreeSet<String>,
    foreign: bool,
    ignored: BTreeSet<String>,
}

impl Context {
    /// Reads the context of a document.
    ///
    /// # Errors
    /// [`Reason::Missing`] without one; [`Reason::NoDocument`] where the EPCIS context is not in it.
    pub fn of(root: &At<'_>) -> Result<Self, Fault> {
        let at = root.required("@context")?;
        let mut context = Self::default();
        for (prefix, namespace) in STANDARD {
            context.prefixes.insert(prefix.into(), namespace.into());
        }
        let epcis = context.add(&at)?;
        if !epcis {
            let why = "the @context does not name the EPCIS context (…/epcis-context.jsonld)";
            return Err(at.fault(Reason::NoDocument(why.into())));
        }
        Ok(context)
    }

    /// The context of an event with one of its own.
    ///
    /// # Errors
    /// [`Reason::Type`].
    pub fn within(&self, event: &At<'_>) -> Result<Self, Fault> {
        let mut context = self.clone();
        if let Some(at) = event.member("@context") {
            context.add(&at)?;
        }
        Ok(context)
    }

    /// Names that the event hash leaves out, because a repository added them.
    pub fn ignore(&mut self, name: &str) {
        self.ignored.insert(name.to_string());
    }

    /// True for a field that the event hash leaves out.
    pub fn ignores(&self, name: &str) -> bool {
        self.ignored.contains(name)
    }

    /// True where a name without a prefix may come from another vocabulary than EPCIS.
    pub fn may_define(&self, name: &str) -> bool {
        self.foreign || self.terms.contains(name)
    }

    /// What a prefix stands for.
    pub fn namespace(&self, prefix: &str) -> Option<&str> {
        self.prefixes.get(prefix).map(String::as_str)
    }

    /// Namespace and local name of `prefix:name`; `None` where the prefix is not declared.
    pub fn split<'n>(&self, name: &'n str) -> Option<(&str, &'n str)> {
        let (prefix, local) = name.split_once(':')?;
        Some((self.namespace(prefix)?, local))
    }

    /// The whole URI of `prefix:name`; the text itself where the prefix is not declared.
    pub fn expand(&self, text: &str) -> String {
        match self.split(text) {
            Some((namespace, local)) if !local.starts_with("//") => format!("{namespace}{local}"),
            _ => text.to_string(),
        }
    }

    fn add(&mut self, at: &At<'_>) -> Result<bool, Fault> {
        match &at.value.json {
            Json::Text(url) => {
                let epcis = url.ends_with(EPCIS_CONTEXT);
                self.foreign |= !epcis;
                Ok(epcis)
            }
            Json::List(_) => {
                let mut epcis = false;
                for item in at.list()? {
                    epcis |= self.add(&item)?;
                }
                Ok(epcis)
            }
            Json::Object(_) => {
                for (name, value) in at.members() {
                    self.define(name, &value);
                }
                Ok(false)
            }
            _ => Err(at.wrong("a URL, an object or a list of them")),
        }
    }

    /// A prefix ends its namespace with a mark; whatever else is defined is a term.
    fn define(&mut self, name: &str, value: &At<'_>) {
        let id = value.value.text().or_else(|| value.value.get("@id")?.text());
        if name == "@vocab" {
            self.foreign = true;
        } else if let Some(id) = id {
            self.prefixes.insert(name.to_string(), id.to_string());
        }
        self.terms.insert(name.to_string());
    }
}
