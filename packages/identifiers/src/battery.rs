//! Traction battery codes (GB/T 34014-2017), by the pattern that the industry's data model publishes for them: 24
//! characters at first use; for a battery in its second use the seven of traceability drop out and `R` with the kind
//! of product stands at the end.

use std::fmt;
use std::str::FromStr;

use crate::charset::Charset;
use crate::error::BadIdentifier;

const SCHEME: &str = "traction battery code";
/// Characters at first use.
const FIRST_USE: usize = 24;
/// Characters in second use.
const SECOND_USE: usize = 19;
/// Years and days leave out what looks like another character.
const YEARS: &str = "123456789ABCDEFGHJKLMNPRSTUVWXY";
const MONTHS: &str = "123456789ABC";
const DAYS: &str = "0123456789ABCDEFGHJKLMNPRSTUVWXY";

/// What the code is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BatteryPart {
    /// 蓄电池包
    Pack,
    /// 模块
    Module,
    /// 单体
    Cell,
}

/// A traction battery code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatteryCode(String);

impl BatteryCode {
    /// Its characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Code of the manufacturer.
    pub fn manufacturer(&self) -> &str {
        &self.0[..3]
    }

    /// Pack, module or cell.
    pub fn part(&self) -> BatteryPart {
        match self.0.as_bytes()[3] {
            b'P' => BatteryPart::Pack,
            b'M' => BatteryPart::Module,
            _ => BatteryPart::Cell,
        }
    }

    /// True for a battery in its second use 梯级利用.
    pub fn is_reused(&self) -> bool {
        self.0.len() == SECOND_USE
    }

    /// Serial number of the day: seven digits.
    pub fn serial(&self) -> &str {
        let from = if self.is_reused() { 10 } else { 17 };
        &self.0[from..from + 7]
    }
}

impl FromStr for BatteryCode {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let scheme = SCHEME;
        Charset::Capitals.check(scheme, text)?;
        let date = match text.len() {
            FIRST_USE => 14,
            SECOND_USE => 7,
            found => return Err(BadIdentifier::Length { scheme, allowed: "24 or 19", found }),
        };
        one_of(text, 3, "PMC")?;
        one_of(text, 4, "ABCDEFGZ")?;
        one_of(text, date, YEARS)?;
        one_of(text, date + 1, MONTHS)?;
        one_of(text, date + 2, DAYS)?;
        Charset::Digits.check(scheme, &text[date + 3..date + 10])?;
        if text.len() == SECOND_USE {
            one_of(text, 17, "R")?;
            one_of(text, 18, "PMC")?;
        }
        Ok(Self(text.to_string()))
    }
}

fn one_of(text: &str, at: usize, allowed: &str) -> Result<(), BadIdentifier> {
    match text.chars().nth(at) {
        Some(found) if !allowed.contains(found) => {
            Err(BadIdentifier::Character { scheme: SCHEME, found })
        }
        _ => Ok(()),
    }
}

impl fmt::Display for BatteryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
