//! The moves between states as a drawing: what is switched off is dashed, what asks for more is marked.

use base::Ctx;
use base::rules::RuleSet;
use kernel::{OrderAction, OrderState};
use orders::state::TRANSITIONS;

use super::{dot_of, name_of};
use crate::badges;
use crate::words::Words;

const WIDTH: i32 = 128;
const HEIGHT: i32 = 44;

/// Where a state stands, by its middle.
fn middle(state: OrderState) -> (i32, i32) {
    match state {
        OrderState::Pending => (76, 176),
        OrderState::Confirmed => (240, 176),
        OrderState::Processing => (404, 176),
        OrderState::Shipped => (568, 176),
        OrderState::OutForDelivery => (732, 176),
        OrderState::Delivered => (896, 176),
        OrderState::Backordered => (240, 60),
        OrderState::Cancelled => (158, 310),
        OrderState::Refunded => (404, 310),
        OrderState::Returned => (568, 310),
        OrderState::ReturnApproved => (732, 310),
        OrderState::ReturnRequested => (896, 310),
    }
}

/// A state in the drawing.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) state: OrderState,
    pub(super) name: String,
    pub(super) dot: &'static str,
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) text_x: i32,
    pub(super) text_y: i32,
    /// Whether its name must be pressed into the box.
    pub(super) is_long: bool,
    pub(super) subs: usize,
}

/// A move in the drawing, or several between the same two states.
#[derive(Clone, Debug)]
pub(super) struct Arrow {
    pub(super) path: String,
    /// `open`, `off`, `guarded`.
    pub(super) class: &'static str,
    pub(super) title: String,
}

#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) arrows: Vec<Arrow>,
}

/// Draws the moves that lead on; putting a step right leads one back and would cover the rest.
pub(super) fn draw(ctx: &Ctx, rules: &RuleSet) -> Graph {
    let say = Words { locale: ctx.locale };
    let nodes = OrderState::ALL.iter().map(|state| {
        let (x, y) = middle(*state);
        let name = name_of(ctx, rules, *state);
        Node {
            state: *state,
            is_long: name.chars().count() > 14,
            name,
            dot: dot_of(badges::state(*state).tone),
            x: x - WIDTH / 2,
            y: y - HEIGHT / 2,
            text_x: x - WIDTH / 2 + 28,
            text_y: y + 4,
            subs: rules.open(*state).count(),
        }
    });
    let mut arrows: Vec<((OrderState, OrderState), Vec<OrderAction>)> = Vec::new();
    for row in TRANSITIONS.iter().filter(|row| row.action != OrderAction::Correct) {
        match arrows.iter_mut().find(|(pair, _)| *pair == (row.from, row.to)) {
            Some((_, actions)) => actions.push(row.action),
            None => arrows.push(((row.from, row.to), vec![row.action])),
        }
    }
    let arrows = arrows.into_iter().map(|((from, to), actions)| {
        let rule = |action: &OrderAction| rules.move_rule(from, *action);
        let class = if actions.iter().all(|action| rule(action).is_some_and(|rule| rule.is_forbidden)) {
            "off"
        } else if actions.iter().any(|action| rule(action).is_some_and(|rule| rule.is_forbidden || !rule.guards.is_empty())) {
            "guarded"
        } else {
            "open"
        };
        let named = actions.iter().map(|action| say.t(badges::action(*action).verb)).collect::<Vec<_>>().join(" · ");
        let values = [("from", name_of(ctx, rules, from)), ("to", name_of(ctx, rules, to)), ("action", named)];
        Arrow { path: path(from, to), class, title: say.with("status-arrow", &values) }
    });
    Graph { nodes: nodes.collect(), arrows: arrows.collect() }
}

/// The line from one box to the other: straight between neighbours, an arc over what stands between, a bend to another row.
fn path(from: OrderState, to: OrderState) -> String {
    let ((x1, y1), (x2, y2)) = (middle(from), middle(to));
    let (half_w, half_h) = (WIDTH / 2, HEIGHT / 2);
    let has_way_back = TRANSITIONS.iter().any(|row| row.action != OrderAction::Correct && row.from == to && row.to == from);
    let side = if x2 > x1 { 1 } else { -1 };
    if y1 == y2 {
        // A neighbour: two ways stand beside each other.
        if (x2 - x1).abs() < 200 {
            let y = y1 + if has_way_back { 8 * side } else { 0 };
            return format!("M{} {y}H{}", x1 + side * half_w, x2 - side * (half_w + 5));
        }
        let top = y1 - half_h;
        let lift = 34 + (x2 - x1).abs() / 14;
        return format!(
            "M{} {top}C{} {} {} {} {} {}",
            x1 + side * 20,
            x1 + side * 40,
            top - lift,
            x2 - side * 40,
            top - lift,
            x2 - side * 20,
            top - 5
        );
    }
    let down = if y2 > y1 { 1 } else { -1 };
    let (begin, end) = (y1 + down * half_h, y2 - down * (half_h + 5));
    let (a, b) =
        if has_way_back && x1 == x2 { (x1 - 10 * down, x2 - 10 * down) } else { (x1 + (x2 - x1).signum() * 16, x2 - (x2 - x1).signum() * 16) };
    let bend = (end - begin) / 2;
    format!("M{a} {begin}C{a} {} {b} {} {b} {end}", begin + bend, end - bend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_move_has_a_line_within_the_drawing() {
        for row in TRANSITIONS.iter().filter(|row| row.action != OrderAction::Correct) {
            let drawn = path(row.from, row.to);
            let numbers = drawn.split(|sign: char| !sign.is_ascii_digit() && sign != '-').filter_map(|number| number.parse::<i32>().ok());
            for number in numbers {
                assert!((0..=972).contains(&number), "{} to {}: {drawn}", row.from, row.to);
            }
        }
    }
}
