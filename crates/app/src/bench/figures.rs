//! What a run found: figures, their table, their JSON.

use serde::Serialize;

/// One figure of a run.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figure {
    /// `place`, `read.p99`, …
    pub(super) name: String,
    /// What was measured of the server.
    pub(super) value: f64,
    /// The unit of `value` and `bare`.
    pub(super) unit: &'static str,
    /// The same work without server, in the same run, where there is such a thing.
    pub(super) bare: Option<f64>,
    /// What is judged: mostly `value` to `bare`, the median over pairs.
    pub(super) ratio: Option<f64>,
    /// The lowest ratio of a pair.
    pub(super) ratio_min: Option<f64>,
    /// The highest ratio of a pair.
    pub(super) ratio_max: Option<f64>,
    /// What it must reach, in words.
    pub(super) at_least: String,
    /// What it should reach, in words.
    pub(super) aim: String,
    /// Whether it reaches `at_least`.
    pub(super) ok: bool,
    /// What else was seen: processor time, foreign load, how many pairs.
    pub(super) note: String,
}

/// The bound that a ratio or value is held against.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    /// No less than this.
    AtLeast(f64, f64),
    /// No more than this.
    AtMost(f64, f64),
}

impl Bound {
    fn holds(self, figure: f64) -> bool {
        match self {
            Bound::AtLeast(least, _) => figure >= least,
            Bound::AtMost(most, _) => figure <= most,
        }
    }

    fn words(self, unit: &str) -> (String, String) {
        match self {
            Bound::AtLeast(least, aim) => (format!("≥ {least}{unit}"), format!("≥ {aim}{unit}")),
            Bound::AtMost(most, aim) => (format!("≤ {most}{unit}"), format!("≤ {aim}{unit}")),
        }
    }
}

impl Figure {
    /// A figure that is judged by the median ratio of pairs `(server, bare)`.
    pub(super) fn of_pairs(name: &str, unit: &'static str, pairs: &[(f64, f64)], bound: Bound, note: String) -> Figure {
        let mut ratios: Vec<f64> = pairs.iter().map(|(server, bare)| if *bare > 0.0 { server / bare } else { f64::INFINITY }).collect();
        let ratio = median(&mut ratios);
        let (at_least, aim) = bound.words(" times");
        Figure {
            name: name.to_owned(),
            value: median(&mut pairs.iter().map(|pair| pair.0).collect::<Vec<_>>()),
            unit,
            bare: Some(median(&mut pairs.iter().map(|pair| pair.1).collect::<Vec<_>>())),
            ratio: Some(ratio),
            ratio_min: ratios.first().copied(),
            ratio_max: ratios.last().copied(),
            at_least,
            aim,
            ok: !pairs.is_empty() && bound.holds(ratio),
            note,
        }
    }

    /// A figure that is judged by itself, beside what the database alone takes.
    pub(super) fn of_times(name: &str, unit: &'static str, pairs: &[(f64, f64)], bound: Bound, note: String) -> Figure {
        if pairs.iter().all(|(_, bare)| *bare == 0.0) {
            return Figure::of_values(name, unit, pairs.iter().map(|(value, _)| *value).collect(), bound, note);
        }
        let beside = Figure::of_pairs(name, unit, pairs, bound, note);
        let (at_least, aim) = bound.words(&format!(" {unit}"));
        Figure { at_least, aim, ok: !pairs.is_empty() && bound.holds(beside.value), ..beside }
    }

    /// A figure that is judged by itself.
    pub(super) fn of_values(name: &str, unit: &'static str, mut values: Vec<f64>, bound: Bound, note: String) -> Figure {
        let value = median(&mut values);
        let (at_least, aim) = bound.words(&format!(" {unit}"));
        Figure {
            name: name.to_owned(),
            value,
            unit,
            bare: None,
            ratio: None,
            ratio_min: None,
            ratio_max: None,
            at_least,
            aim,
            ok: !values.is_empty() && bound.holds(value),
            note,
        }
    }
}

impl Figure {
    /// In short, for whoever waits for the rest.
    pub(super) fn line(&self) -> String {
        let ratio = self.ratio.map(|ratio| format!(", {ratio:.2} times")).unwrap_or_default();
        let verdict = if self.ok { "reached" } else { "missed" };
        format!("{}: {} {}{ratio} ({} is {verdict})", self.name, number(self.value), self.unit, self.at_least)
    }
}

/// The middle one; sorts what it is given. Of an even count the mean of the two in the middle.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[odd / 2],
        even => (values[even / 2 - 1] + values[even / 2]) / 2.0,
    }
}

/// The figures as a Markdown table.
pub(super) fn table(figures: &[Figure]) -> String {
    let mut text = String::from("| figure | server | bare | ratio (min to max) | at least | aim | |\n|---|---:|---:|---:|---|---|---|\n");
    for one in figures {
        let bare = one.bare.map_or_else(|| "–".to_owned(), |bare| format!("{} {}", number(bare), one.unit));
        let ratio = match (one.ratio, one.ratio_min, one.ratio_max) {
            (Some(ratio), Some(min), Some(max)) => format!("{ratio:.2} ({min:.2} to {max:.2})"),
            _ => "–".to_owned(),
        };
        let verdict = if one.ok { "reached" } else { "missed" };
        let line = format!("| {} | {} {} | {bare} | {ratio} | {} | {} | {verdict} |\n", one.name, number(one.value), one.unit, one.at_least, one.aim);
        text.push_str(&line);
    }
    text
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        let whole = format!("{:.0}", value);
        let digits: Vec<char> = whole.chars().collect();
        let mut grouped = String::new();
        for (place, digit) in digits.iter().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) && *digit != '-' && digits[place - 1] != '-' {
                grouped.push(',');
            }
            grouped.push(*digit);
        }
        grouped
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_the_median_of_its_pairs() {
        let figure = Figure::of_pairs("x", "1/s", &[(50.0, 100.0), (90.0, 100.0), (70.0, 100.0)], Bound::AtLeast(0.6, 1.0), String::new());
        assert_eq!((figure.ratio, figure.ratio_min, figure.ratio_max, figure.ok), (Some(0.7), Some(0.5), Some(0.9), true));
        assert!(!Figure::of_pairs("x", "1/s", &[(50.0, 100.0)], Bound::AtLeast(0.6, 1.0), String::new()).ok);
        assert!(!Figure::of_pairs("x", "1/s", &[], Bound::AtLeast(0.6, 1.0), String::new()).ok, "nothing measured is not reached");
        assert!(Figure::of_values("x", "ms", vec![5.0], Bound::AtMost(20.0, 5.0), String::new()).ok);
        let times = Figure::of_times("x", "ms", &[(5.0, 0.5), (7.0, 0.5)], Bound::AtMost(20.0, 5.0), String::new());
        assert_eq!((times.value, times.bare, times.ratio, times.ok, times.at_least.as_str()), (6.0, Some(0.5), Some(12.0), true, "≤ 20 ms"));
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(12_345.6), "12,346");
        assert_eq!(number(-1_234.0), "-1,234");
        assert_eq!(number(0.613), "0.61");
    }
}
