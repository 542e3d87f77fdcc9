//! From text to conditions.

use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

use super::{Condition, Decimal, Operand, Relation, Test, CONDITIONS_MAX, QUERY_LEN_MAX};

/// Parses `cond (AND cond)*`.
pub fn parse(text: &str) -> Result<Vec<Condition>, String> {
    if text.len() > QUERY_LEN_MAX {
        return Err(format!("maximum query length exceeded: {} > {QUERY_LEN_MAX}", text.len()));
    }
    let mut scan = Scan { rest: text };
    let mut conditions = vec![scan.condition()?];
    while conditions.len() < CONDITIONS_MAX {
        scan.skip_space();
        if scan.rest.is_empty() {
            return Ok(conditions);
        }
        if !scan.word("AND") {
            return Err(format!("expected AND or the end at '{}'", scan.rest));
        }
        conditions.push(scan.condition()?);
    }
    Err(format!("more than {CONDITIONS_MAX} conditions"))
}

struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        match self.rest.strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A keyword that does not run on into a tag.
    fn word(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(rest) if !rest.starts_with(is_tag_char) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn condition(&mut self) -> Result<Condition, String> {
        self.skip_space();
        let tag = self.take_while(is_tag_char);
        if tag.is_empty() {
            return Err(format!("expected a tag at '{}'", self.rest));
        }
        self.skip_space();
        let test = if self.word("EXISTS") {
            Test::Exists
        } else if self.word("CONTAINS") {
            self.skip_space();
            Test::Contains(self.quoted()?)
        } else {
            let relation = self.relation()?;
            self.skip_space();
            Test::Compare(relation, self.operand(relation)?)
        };
        Ok(Condition { tag: tag.to_string(), test })
    }

    fn relation(&mut self) -> Result<Relation, String> {
        let table = [
            ("<=", Relation::LessOrEqual),
            (">=", Relation::GreaterOrEqual),
            ("<", Relation::Less),
            (">", Relation::Greater),
            ("=", Relation::Equal),
        ];
        table
            .into_iter()
            .find(|(symbol, _)| self.symbol(symbol))
            .map(|(_, relation)| relation)
            .ok_or_else(|| format!("expected an operator at '{}'", self.rest))
    }

    fn operand(&mut self, relation: Relation) -> Result<Operand, String> {
        if self.rest.starts_with('\'') {
            if relation != Relation::Equal {
                return Err(format!("a text can only be compared with = at '{}'", self.rest));
            }
            return self.quoted().map(Operand::Text);
        }
        if self.word("TIME") {
            self.skip_space();
            let text = self.take_while(|c| !c.is_whitespace());
            return parse_time(text)
                .map(Operand::Time)
                .ok_or_else(|| format!("'{text}' is no time"));
        }
        if self.word("DATE") {
            self.skip_space();
            let text = self.take_while(|c| !c.is_whitespace());
            return parse_date(text)
                .map(Operand::Time)
                .ok_or_else(|| format!("'{text}' is no date"));
        }
        let text = self.take_while(|c| c.is_ascii_digit() || c == '.' || c == '-');
        Decimal::parse(text)
            .map(Operand::Number)
            .ok_or_else(|| format!("expected a value at '{text}{}'", self.rest))
    }

    fn quoted(&mut self) -> Result<String, String> {
        if !self.symbol("'") {
            return Err(format!("expected a quoted text at '{}'", self.rest));
        }
        let end = self.rest.find('\'').ok_or_else(|| "a quoted text has no end".to_string())?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = &rest[1..];
        Ok(text.to_string())
    }
}

fn is_tag_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-')
}

/// Nanoseconds since 1970 of a time or of the begin of a day, in UTC where no zone is said.
pub(super) fn time_or_date(text: &str) -> Option<i128> {
    parse_time(text).or_else(|| parse_date(text))
}

fn parse_time(text: &str) -> Option<i128> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp_nanos)
}

fn parse_date(text: &str) -> Option<i128> {
    parse_time(&format!("{text}T00:00:00Z"))
}
