//! Dates in whole days, without a calendar of the host.

/// Seconds of a day.
pub const DAY_S: u64 = 86_400;

/// Days since 1970-01-01 of a date `YYYY-MM-DD` of the proleptic Gregorian calendar; `None` for any other text, and
/// for years before 1970.
pub fn day_of(date: &str) -> Option<u64> {
    suyuan_trace_api::text::check_date("date", date).ok()?;
    let number = |range: std::ops::Range<usize>| date.get(range)?.parse::<u64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    // Years that begin in March: the leap day is the last of its year.
    let (year, month) =
        if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + of_year;
    days.checked_sub(719_468)
}

/// The day of a block time.
pub const fn day_of_time(seconds: u64) -> u64 {
    seconds / DAY_S
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_their_number() {
        for (date, day) in [
            ("1970-01-01", 0),
            ("1970-03-01", 59),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-11-23", 20_780),
            ("2100-03-01", 47_541),
        ] {
            assert_eq!(day_of(date), Some(day), "{date}");
        }
        for none in ["1969-12-31", "0000-01-01", "2023-02-29", "today"] {
            assert_eq!(day_of(none), None, "{none}");
        }
    }

    #[test]
    fn days_follow_each_other_through_four_centuries() {
        let mut expected = 0;
        for year in 1970..2370 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(found) = day_of(&format!("{year:04}-{month:02}-{day:02}")) {
                        assert_eq!(found, expected, "{year}-{month}-{day}");
                        expected += 1;
                    }
                }
            }
        }
        assert_eq!(day_of_time(expected * DAY_S), expected);
    }
}
