//! Can one object have been at both places? A lower bound of the way between two coarse cells, in integers.
//!
//! For two points with latitudes φ₁, φ₂ and differences Δφ, Δλ the haversine formula gives
//! `sin²(d/2R) = sin²(Δφ/2) + cos φ₁ · cos φ₂ · sin²(Δλ/2)`. Each term is taken at its smallest over the two
//! cells (the gap between their edges, the latitude farthest from the equator), and `d ≥ 2R·sin(d/2R)`.
//! So the answer is never more than the true distance, whatever the exact positions are.

/// Faster than this is no journey: a passenger aircraft's ground speed with tail wind.
pub const MAX_KM_PER_HOUR: u64 = 1000;

/// Twice the smallest radius of curvature of the Earth (6,335 km, along the meridian at the equator).
const DIAMETER_KM_MIN: u64 = 12_670;

/// Scale of [`SINE`].
const SCALE: u64 = 1_000_000;

const SECONDS_PER_HOUR: u64 = 3600;

/// One degree of latitude by one of longitude, named by its corner next to 0°N 0°E.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Southern edge in degrees, −91 to 90.
    south: i16,
    /// Western edge in degrees, −181 to 180.
    west: i16,
}

impl Cell {
    /// Reads what [`suyuan_trace_api::event::check_cell`] accepts; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        suyuan_trace_api::event::check_cell("cell", text).ok()?;
        let edge = |sign: &str, digits: &str, negative: &str| -> Option<i16> {
            let number: i16 = digits.parse().ok()?;
            Some(if sign == negative { -number - 1 } else { number })
        };
        Some(Self {
            south: edge(&text[..1], &text[1..3], "S")?,
            west: edge(&text[3..4], &text[4..], "W")?,
        })
    }

    /// Largest distance from the equator, in degrees, at most 90.
    fn latitude_max(self) -> u16 {
        self.south.unsigned_abs().max((self.south + 1).unsigned_abs()).min(90)
    }
}

/// A way between two cells in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journey {
    /// Kilometres at the least.
    pub distance_km_min: u64,
    /// True where no single object makes it.
    pub impossible: bool,
}

/// The way between two cells by their names; `None` where one of them is no cell.
pub fn journey(from: &str, to: &str, elapsed_s: u64) -> Option<Journey> {
    let (from, to) = (Cell::parse(from)?, Cell::parse(to)?);
    Some(Journey {
        distance_km_min: distance_km_min(from, to),
        impossible: impossible(from, to, elapsed_s),
    })
}

/// True where the way between the cells asks for more than [`MAX_KM_PER_HOUR`].
pub fn impossible(from: Cell, to: Cell, elapsed_s: u64) -> bool {
    let way = u128::from(distance_km_min(from, to)) * u128::from(SECONDS_PER_HOUR);
    way > u128::from(MAX_KM_PER_HOUR) * u128::from(elapsed_s)
}

/// Kilometres between the nearest edges of two cells, never too many. Touching cells are at 0.
pub fn distance_km_min(from: Cell, to: Cell) -> u64 {
    let north = u16::try_from(gap(from.south, to.south)).unwrap_or(0).min(180);
    let apart = (i32::from(from.west) - i32::from(to.west)).rem_euclid(360);
    let east = u16::try_from(apart.min(360 - apart) - 1).unwrap_or(0).min(179);

    let cosine = |cell: Cell| sine(180 - 2 * cell.latitude_max());
    let north = sine(north) * sine(north);
    let east = cosine(from) * cosine(to) / SCALE * sine(east) / SCALE * sine(east);
    DIAMETER_KM_MIN * (north + east).isqrt().min(SCALE) / SCALE
}

/// Degrees between two intervals of one degree.
fn gap(a: i16, b: i16) -> i16 {
    (a - b).abs() - 1
}

/// Sine of half degrees in millionths, rounded down; 0 to 180 half degrees.
fn sine(half_degrees: u16) -> u64 {
    let place = usize::from(half_degrees).min(SINE.len() - 1);
    u64::from(SINE[place])
}

#[rustfmt::skip]
const SINE: [u32; 181] = [
    0, 8_726, 17_452, 26_176, 34_899, 43_619, 52_335, 61_048,
    69_756, 78_459, 87_155, 95_845, 104_528, 113_203, 121_869, 130_526,
    139_173, 147_809, 156_434, 165_047, 173_648, 182_235, 190_808, 199_367,
    207_911, 216_439, 224_951, 233_445, 241_921, 250_380, 258_819, 267_238,
    275_637, 284_015, 292_371, 300_705, 309_016, 317_304, 325_568, 333_806,
    342_020, 350_207, 358_367, 366_501, 374_606, 382_683, 390_731, 398_749,
    406_736, 414_693, 422_618, 430_511, 438_371, 446_197, 453_990, 461_748,
    469_471, 477_158, 484_809, 492_423, 500_000, 507_538, 515_038, 522_498,
    529_919, 537_299, 544_639, 551_936, 559_192, 566_406, 573_576, 580_702,
    587_785, 594_822, 601_815, 608_761, 615_661, 622_514, 629_320, 636_078,
    642_787, 649_448, 656_059, 662_620, 669_130, 675_590, 681_998, 688_354,
    694_658, 700_909, 707_106, 713_250, 719_339, 725_374, 731_353, 737_277,
    743_144, 748_955, 754_709, 760_405, 766_044, 771_624, 777_145, 782_608,
    788_010, 793_353, 798_635, 803_856, 809_016, 814_115, 819_152, 824_126,
    829_037, 833_885, 838_670, 843_391, 848_048, 852_640, 857_167, 861_629,
    866_025, 870_355, 874_619, 878_817, 882_947, 887_010, 891_006, 894_934,
    898_794, 902_585, 906_307, 909_961, 913_545, 917_060, 920_504, 923_879,
    927_183, 930_417, 933_580, 936_672, 939_692, 942_641, 945_518, 948_323,
    951_056, 953_716, 956_304, 958_819, 961_261, 963_630, 965_925, 968_147,
    970_295, 972_369, 974_370, 976_296, 978_147, 979_924, 981_627, 983_254,
    984_807, 986_285, 987_688, 989_015, 990_268, 991_444, 992_546, 993_571,
    994_521, 995_396, 996_194, 996_917, 997_564, 998_134, 998_629, 999_048,
    999_390, 999_657, 999_847, 999_961, 1_000_000,
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(text: &str) -> Cell {
        Cell::parse(text).expect("a cell")
    }

    fn between(a: &str, b: &str) -> u64 {
        distance_km_min(cell(a), cell(b))
    }

    #[test]
    fn the_sine_table_is_rounded_down() {
        for (place, value) in SINE.iter().enumerate() {
            let exact = (place as f64 / 2.0).to_radians().sin() * 1e6;
            let error = exact - f64::from(*value);
            assert!((-1e-6..1.0).contains(&error), "{place}: {value} {exact}");
        }
    }

    #[test]
    fn known_ways_have_a_plausible_lower_bound() {
        assert_eq!(between("N31E121", "N31E121"), 0);
        assert_eq!(between("N31E121", "N32E122"), 0);
        // Shanghai and Beijing: 1,068 km. The cells are one degree wide.
        assert!((850..1068).contains(&between("N31E121", "N39E116")));
        // Shanghai and Hamburg: 8,590 km; the chord is shorter than the arc.
        assert!((7000..8590).contains(&between("N31E121", "N53E009")));
        // Across the antimeridian and the equator nothing jumps.
        assert_eq!(between("N00E179", "N00W179"), 0);
        assert_eq!(between("N00E000", "S00W000"), 0);
        assert_eq!(between("N89E010", "N89W170"), 0);
    }

    #[test]
    fn an_hour_does_not_bring_a_box_from_shanghai_to_hamburg() {
        let (shanghai, hamburg) = (cell("N31E121"), cell("N53E009"));
        assert!(impossible(shanghai, hamburg, 3600));
        assert!(!impossible(shanghai, hamburg, 10 * 3600));
        assert!(impossible(shanghai, hamburg, 0));
        assert!(!impossible(shanghai, shanghai, 0));
        assert_eq!(Cell::parse("N31E12"), None);
    }

    fn name(latitude: f64, longitude: f64) -> String {
        format!(
            "{}{:02}{}{:03}",
            if latitude < 0.0 { 'S' } else { 'N' },
            latitude.abs() as u16,
            if longitude < 0.0 { 'W' } else { 'E' },
            longitude.abs() as u16
        )
    }

    proptest! {
        #[test]
        fn the_bound_never_exceeds_the_true_distance(
            a in (-90.0f64..=90.0, -180.0f64..=180.0), b in (-90.0f64..=90.0, -180.0f64..=180.0),
        ) {
            let (p1, p2) = (a.0.to_radians(), b.0.to_radians());
            let l = (a.1 - b.1).to_radians();
            let h = ((p1 - p2) / 2.0).sin().powi(2) + p1.cos() * p2.cos() * (l / 2.0).sin().powi(2);
            let exact = 2.0 * 6335.0 * h.sqrt().min(1.0).asin();
            let bound = between(&name(a.0, a.1), &name(b.0, b.1));
            prop_assert!(bound as f64 <= exact + 1e-6, "{bound} > {exact}");
            prop_assert_eq!(bound, between(&name(b.0, b.1), &name(a.0, a.1)));
        }
    }
}
