//! Bars over hours or days, with a line of what they are compared with, drawn here as plain shapes.

use std::fmt::Write as _;

use super::view::{Bar, Chart};

/// One hour or day.
pub(super) struct Point {
    /// What it is called in the table.
    pub(super) label: String,
    /// What stands under its bar; every third hour has one.
    pub(super) tick: Option<String>,
    /// How many; none for what has not come yet.
    pub(super) now: Option<i64>,
    /// How many there were before.
    pub(super) before: i64,
}

/// Lines over the lowest one.
const LINES: i64 = 5;

/// The next round number, so that the lines part it evenly.
fn round_up(most: i64) -> i64 {
    let mut unit = 1;
    loop {
        for step in [1, 2, 3, 4, 5, 6, 8] {
            if step * unit * LINES >= most {
                return step * unit * LINES;
            }
        }
        unit *= 10;
    }
}

/// How wide one hour or day is in the drawing.
const WIDTH: i64 = 10;

/// The drawing of points. Heights are in hundredths of the whole.
pub(super) fn draw(points: Vec<Point>, number: impl Fn(i64) -> String) -> Chart {
    let most = points.iter().map(|point| point.now.unwrap_or(0).max(point.before)).max().unwrap_or(0);
    let top = round_up(most);
    let height = |count: i64| count as f64 * 100.0 / top as f64;
    let mut bars = Vec::new();
    let mut line = String::new();
    for (place, point) in points.iter().enumerate() {
        let start = place as i64 * WIDTH;
        if let Some(count) = point.now.filter(|count| *count > 0) {
            let tall = height(count);
            bars.push(Bar { x: format!("{}.8", start + 1), y: format!("{:.1}", 100.0 - tall), height: format!("{tall:.1}") });
        }
        let _ = write!(line, "{}{} {:.1}", if place == 0 { "M" } else { "L" }, start + WIDTH / 2, 100.0 - height(point.before));
    }
    let now = points.iter().position(|point| point.now.is_none()).filter(|place| *place > 0).map(|place| (place as i64 * WIDTH).to_string());
    let ticks = points.iter().filter_map(|point| point.tick.clone()).collect();
    let rows = points.iter().map(|point| (point.label.clone(), point.now.map(&number), number(point.before))).collect();
    Chart {
        width: points.len() as i64 * WIDTH,
        levels: (0..=LINES).rev().map(|part| number(top / LINES * part)).collect(),
        bars,
        line,
        now,
        ticks,
        rows,
        ..Chart::default()
    }
}

/// A small line over a few values.
pub(super) fn spark(values: &[i64]) -> Option<String> {
    let most = *values.iter().max()?;
    if values.len() < 3 || most <= 0 {
        return None;
    }
    let least = values.iter().copied().min().unwrap_or(0).min(most);
    let spread = (most - least).max(1) as f64;
    let step = 72.0 / (values.len() - 1) as f64;
    let points = values.iter().enumerate().map(|(place, value)| {
        let sign = if place == 0 { "M" } else { "L" };
        format!("{sign}{:.1} {:.1}", place as f64 * step, 22.0 - (value - least) as f64 * 18.0 / spread)
    });
    Some(points.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_line_is_a_round_number_over_everything() {
        for (most, top) in [(0, 5), (3, 5), (6, 10), (11, 15), (42, 50), (81, 100), (1_234, 1_500)] {
            assert_eq!(round_up(most), top, "{most}");
        }
    }

    #[test]
    fn bars_stop_where_the_day_has_come_and_the_line_goes_on() {
        let point = |now, before| Point { label: "x".into(), tick: None, now, before };
        let chart = draw(vec![point(Some(5), 2), point(Some(0), 1), point(None, 5)], |count| count.to_string());
        assert_eq!(chart.bars.len(), 1);
        assert_eq!((chart.bars[0].y.as_str(), chart.bars[0].height.as_str()), ("0.0", "100.0"));
        assert_eq!(chart.line, "M5 60.0L15 80.0L25 0.0");
        assert_eq!(chart.now.as_deref(), Some("20"));
        assert_eq!(chart.levels, ["5", "4", "3", "2", "1", "0"]);
        assert_eq!(chart.rows[2], ("x".to_owned(), None, "5".to_owned()));
    }

    #[test]
    fn a_line_of_nothing_is_not_drawn() {
        assert_eq!(spark(&[0, 0, 0]), None);
        assert_eq!(spark(&[1, 2]), None);
        assert_eq!(spark(&[0, 1, 2]).as_deref(), Some("M0.0 22.0L36.0 13.0L72.0 4.0"));
    }
}
