//! Points in time as XML Schema writes them: `2026-01-31T12:00:00.000+08:00`, an offset always there.

/// A point in time with millisecond precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    ms: i64,
}

/// Minutes that an offset may differ from UTC.
const OFFSET_MAX: i64 = 14 * 60;

impl Time {
    /// Reads a point in time. More than three decimal places are rounded by the fourth, as the CBV event hash asks.
    /// `None` for anything else, a date that is not in the calendar included.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once('T')?;
        let zone = rest.rfind(['Z', 'z', '+', '-'])?;
        let (clock, offset) = rest.split_at(zone);
        let minutes = if matches!(offset, "Z" | "z") { 0 } else { offset_minutes(offset)? };
        let day = day_of(date)?;
        let (hms, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut fields = hms.split(':').map(|n| number(n, 2));
        let (hour, minute, second) = (fields.next()??, fields.next()??, fields.next()??);
        if fields.next().is_some() || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = day * 86_400 + hour * 3_600 + minute * 60 + second - minutes * 60;
        Some(Self { ms: seconds * 1_000 + millis(fraction)? })
    }

    /// Milliseconds since 1970, UTC.
    pub const fn ms(self) -> i64 {
        self.ms
    }

    /// In UTC with three decimal places and `Z`, as the CBV event hash spells it.
    pub fn utc(self) -> String {
        let (seconds, ms) = (self.ms.div_euclid(1_000), self.ms.rem_euclid(1_000));
        let (day, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, date) = civil(day);
        let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
        format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
    }
}

/// Minutes of an offset like `+08:00`, at most 14 hours either way.
pub fn offset_minutes(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= OFFSET_MAX).then_some(sign * total)
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let good = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    good.then(|| text.parse().ok())?
}

fn millis(fraction: &str) -> Option<i64> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let place = |at: usize| fraction.as_bytes().get(at).map_or(0, |b| i64::from(b - b'0'));
    let up = i64::from(place(3) >= 5);
    Some(place(0) * 100 + place(1) * 10 + place(2) + up)
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
fn day_of(date: &str) -> Option<i64> {
    suyuan_trace_api::text::check_date("date", date).ok()?;
    let mut fields = date.split('-');
    let (year, month, day) =
        (number(fields.next()?, 4)?, number(fields.next()?, 2)?, number(fields.next()?, 2)?);
    // March is month 0, so that the leap day is the last of its year; 400 years are an era.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Year, month and day of a day since 1970-01-01.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = (month + 2) % 12 + 1;
    (era * 400 + year + i64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn every_spelling_of_a_moment_becomes_one() {
        for (text, utc) in [
            ("2020-03-04T11:00:30.000+01:00", "2020-03-04T10:00:30.000Z"),
            ("2005-04-03T20:33:31.116000-06:00", "2005-04-04T02:33:31.116Z"),
            ("2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"),
            ("2023-02-02T11:04:03.1414Z", "2023-02-02T11:04:03.141Z"),
            ("2023-12-31T23:59:59.9995Z", "2024-01-01T00:00:00.000Z"),
            ("2024-02-29T00:00:00+14:00", "2024-02-28T10:00:00.000Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"),
        ] {
            assert_eq!(Time::parse(text).map(Time::utc).as_deref(), Some(utc), "{text}");
        }
        assert_eq!(Time::parse("1970-01-02T00:00:00Z").map(Time::ms), Some(86_400_000));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for bad in [
            "22-07-2026",
            "2026-07-22",
            "2026-07-22T06:45:00",
            "2026-07-22T24:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-07-22T06:45:00+15:00",
            "2026-07-22T06:45Z",
            "2026-07-22T06:45:00.Z",
            "",
        ] {
            assert_eq!(Time::parse(bad), None, "{bad}");
        }
    }
}
