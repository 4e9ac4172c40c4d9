//! The table of moves as an organization's rule set leaves it: rows switched off, guards, the
//! sub-statuses that an order can come to. Pure; [`crate::moves`] and [`crate::substatus`] decide with it.
//!
//! What is written down from the past (imports, simulation) is bound by the table alone: it happened.

use base::Ctx;
use base::rules::{Guard, RuleSet, Substatus};
use kernel::{Check, Error, OrderAction, OrderState, Permissions};

use crate::limits;
use crate::model::Order;
use crate::state::{self, Transition};

/// The rows that begin where an order stands and that the rule set leaves on.
pub fn actions<'a>(rules: &'a RuleSet, from: OrderState, substatus: Option<&'a str>) -> impl Iterator<Item = &'static Transition> + 'a {
    state::actions(from).filter(move |row| !rules.forbids(from, substatus, row.action))
}

/// What somebody with these rights may do with an order that stands here. What a guard asks for is told by
/// [`guards`], and found out when the move is made; only a right that a guard asks for is judged here.
pub fn actions_from(rules: &RuleSet, order: &Order, permissions: &Permissions) -> Vec<OrderAction> {
    let rows = actions(rules, order.state, order.substatus.as_deref());
    rows.filter(|row| permissions.has(row.permission) && has_rights(rules, row, permissions)).map(|row| row.action).collect()
}

/// Whether no guard of a row asks for a right that is missing.
pub fn has_rights(rules: &RuleSet, row: &Transition, permissions: &Permissions) -> bool {
    guards(rules, row.from, row.action).iter().all(|guard| match guard {
        Guard::Right { right } => permissions.has(*right),
        _ => true,
    })
}

/// What a row asks for beyond its right.
pub fn guards(rules: &RuleSet, from: OrderState, action: OrderAction) -> &[Guard] {
    rules.move_rule(from, action).map_or(&[], |rule| rule.guards.as_slice())
}

/// The row for an action, `Conflict` `order.state` when the table has none and `order.forbidden` when
/// the organization has switched it off.
pub fn transition(rules: &RuleSet, from: OrderState, substatus: Option<&str>, action: OrderAction) -> Result<&'static Transition, Error> {
    let row = state::transition(from, action)?;
    if rules.forbids(from, substatus, action) { Err(forbidden(rules, from, substatus).with("action", action)) } else { Ok(row) }
}

/// The usual action between two states that the rule set leaves on.
pub fn action_between(rules: &RuleSet, from: OrderState, substatus: Option<&str>, to: OrderState) -> Result<OrderAction, Error> {
    if let Some(row) = actions(rules, from, substatus).find(|row| row.to == to) {
        return Ok(row.action);
    }
    let action = state::action_between(from, to)?;
    Err(forbidden(rules, from, substatus).with("action", action))
}

fn forbidden(rules: &RuleSet, from: OrderState, substatus: Option<&str>) -> Error {
    let allowed: Vec<&str> = actions(rules, from, substatus).map(|row| row.action.as_str()).collect();
    Error::conflict("order.forbidden").with("state", from).with("allowed", allowed.join(", "))
}

/// Where an order goes next when all goes well, on a way that is left on.
pub fn expected_next(rules: &RuleSet, state: OrderState, substatus: Option<&str>) -> Option<OrderState> {
    let mut next = state::expected_next(state)?;
    // A stage that is switched off is gone round, if the table knows a way.
    for _ in OrderState::ALL {
        if action_between(rules, state, substatus, next).is_ok() {
            return Some(next);
        }
        next = state::expected_next(next)?;
    }
    None
}

/// Where in a state an order lands: in the sub-status that is named, else in the state's default.
pub fn landing<'a>(rules: &'a RuleSet, to: OrderState, wanted: Option<&str>) -> Result<Option<&'a Substatus>, Error> {
    match wanted {
        None => Ok(rules.default_of(to)),
        Some(key) => rules.open(to).find(|one| one.key == key).map(Some).ok_or_else(|| unknown(rules.open(to))),
    }
}

/// The siblings that an order may move to inside its state.
pub fn siblings<'a>(rules: &'a RuleSet, state: OrderState, substatus: Option<&'a str>) -> impl Iterator<Item = &'a Substatus> {
    let next = substatus.and_then(|key| rules.substatus(state, key)).and_then(|one| one.next.as_deref());
    rules.open(state).filter(move |one| substatus != Some(one.key.as_str()) && next.is_none_or(|next| next.contains(&one.key)))
}

pub(crate) fn unknown<'a>(open: impl Iterator<Item = &'a Substatus>) -> Error {
    let keys: Vec<&str> = open.map(|one| one.key.as_str()).collect();
    Error::field("substatus", "substatus.unknown").with("allowed", keys.join(", "))
}

/// Whether the rule set binds what happens now.
pub(crate) fn binds(ctx: &Ctx) -> bool {
    !ctx.is_replay
}

/// What the call itself must bring: a reason, a note, both well-formed.
pub(crate) fn check_words<'a>(
    check: &mut Check,
    reason: Option<&str>,
    note: Option<&str>,
    needs_reason: bool,
    mut guards: impl Iterator<Item = &'a Guard> + Clone,
) {
    limits::reason(check, reason, needs_reason || guards.clone().any(|guard| *guard == Guard::Reason));
    limits::text(check, "note", note, limits::NOTE);
    if guards.any(|guard| *guard == Guard::Note) {
        check.require(note.is_some_and(|note| !note.trim().is_empty()), "note", "required");
    }
}

/// Whether an order has what a guard asks of the order itself; none when the guard asks for something else.
pub(crate) fn holds(guard: &Guard, order: &Order) -> Option<bool> {
    Some(match guard {
        Guard::Tag { tag } => order.tags().iter().any(|one| one == tag),
        Guard::Field { field } => is_filled(order, field),
        Guard::Confirmation { is } => is.contains(&order.confirmation),
        Guard::Payment { is } => is.contains(&order.payment_state),
        Guard::Reason | Guard::Note | Guard::Right { .. } | Guard::Role { .. } | Guard::Notes { .. } => return None,
    })
}

fn is_filled(order: &Order, field: &str) -> bool {
    let is_given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    match field {
        "contact_phone" => order.contact_phone.is_some(),
        "line1" => is_given(&order.line1),
        "city" => is_given(&order.city),
        "province" => is_given(&order.province),
        "postal_code" => is_given(&order.postal_code),
        "tracking" => is_given(&order.tracking),
        "courier" => is_given(&order.courier),
        "agent_id" => order.agent_id.is_some(),
        "customer_id" => order.customer_id.is_some(),
        "expected_on" => order.expected_on.is_some(),
        "external_ref" => is_given(&order.external_ref),
        _ => match field.strip_prefix("custom.").and_then(|name| order.custom().get(name).cloned()) {
            None | Some(serde_json::Value::Null) => false,
            Some(serde_json::Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
        },
    }
}

/// What a guard asks for, in short, for messages: `tag gift`.
pub fn asked(guard: &Guard) -> String {
    let words = |words: Vec<&str>| words.join(" / ");
    match guard {
        Guard::Reason | Guard::Note => guard.word().to_owned(),
        Guard::Tag { tag } => format!("tag {tag}"),
        Guard::Field { field } => format!("field {field}"),
        Guard::Right { right } => format!("right {right}"),
        Guard::Role { role } => format!("role {role}"),
        Guard::Confirmation { is } => format!("confirmation {}", words(is.iter().map(|one| one.as_str()).collect())),
        Guard::Payment { is } => format!("payment {}", words(is.iter().map(|one| one.as_str()).collect())),
        Guard::Notes { kind, least } => format!("notes {kind} ≥ {least}"),
    }
}

#[cfg(test)]
mod tests {
    use kernel::OrderState::{Backordered, Confirmed, Delivered, OutForDelivery, Pending, Processing, Shipped};
    use kernel::Permission;

    use super::*;

    fn rules() -> RuleSet {
        RuleSet::parse(
            r#"{
              "states": {"PENDING": {"substatuses": [
                {"key": "fresh", "is_default": true, "next": ["called"]},
                {"key": "called", "forbids": ["process"]},
                {"key": "old", "is_archived": true}]}},
              "moves": [
                {"from": "SHIPPED", "action": "out_for_delivery", "is_forbidden": true},
                {"from": "CONFIRMED", "action": "backorder", "is_forbidden": true},
                {"from": "CONFIRMED", "action": "cancel", "guards": [{"require": "right", "right": "order.refund"}]}]
            }"#,
        )
        .unwrap()
    }

    #[track_caller]
    fn check(from: OrderState, substatus: Option<&str>, expected: &str) {
        let rules = rules();
        let offered: Vec<&str> = actions(&rules, from, substatus).map(|row| row.action.as_str()).collect();
        assert_eq!(offered.join(" "), expected);
    }

    #[test]
    fn rows_are_switched_off_by_state_and_by_substatus() {
        check(Pending, Some("fresh"), "confirm backorder process cancel");
        check(Pending, Some("called"), "confirm backorder cancel");
        check(Pending, None, "confirm backorder process cancel");
        check(Confirmed, None, "process cancel correct");
        check(Shipped, None, "deliver return_to_sender correct");
        let rules = rules();
        assert_eq!(transition(&rules, Confirmed, None, OrderAction::Backorder).unwrap_err().code(), "order.forbidden");
        assert_eq!(transition(&rules, Confirmed, None, OrderAction::Deliver).unwrap_err().code(), "order.state");
        assert_eq!(action_between(&rules, Confirmed, None, Backordered).unwrap_err().code(), "order.forbidden");
        assert_eq!(action_between(&rules, Pending, Some("called"), Processing).unwrap_err().code(), "order.forbidden");
    }

    #[test]
    fn what_is_expected_goes_round_what_is_switched_off() {
        let rules = rules();
        assert_eq!(expected_next(&rules, Shipped, None), Some(Delivered));
        assert_eq!(expected_next(&rules, Pending, Some("called")), Some(Confirmed));
        assert_eq!(expected_next(&RuleSet::default(), Shipped, None), Some(OutForDelivery));
        assert_eq!(expected_next(&rules, Delivered, None), None);
    }

    #[test]
    fn an_order_lands_where_it_is_sent_or_in_the_default() {
        let rules = rules();
        let key = |landed: Result<Option<&Substatus>, Error>| landed.map(|one| one.map(|one| one.key.clone()));
        assert_eq!(key(landing(&rules, Pending, None)).unwrap().as_deref(), Some("fresh"));
        assert_eq!(key(landing(&rules, Pending, Some("called"))).unwrap().as_deref(), Some("called"));
        assert_eq!(key(landing(&rules, Confirmed, None)).unwrap(), None);
        assert!(landing(&rules, Pending, Some("old")).is_err() && landing(&rules, Confirmed, Some("called")).is_err());
        let of = |substatus| siblings(&rules, Pending, substatus).map(|one| one.key.as_str()).collect::<Vec<_>>();
        assert_eq!((of(Some("fresh")), of(Some("called")), of(None)), (vec!["called"], vec!["fresh"], vec!["fresh", "called"]));
    }

    #[test]
    fn every_guard_says_what_it_asks() {
        let text = r#"[{"require": "reason"}, {"require": "note"}, {"require": "tag", "tag": "vip"}, {"require": "field", "field": "tracking"},
            {"require": "right", "right": "order.refund"}, {"require": "role", "role": "Supervisor"}, {"require": "confirmation", "is": ["confirmed", "failed"]},
            {"require": "payment", "is": ["paid"]}, {"require": "notes", "kind": "call", "least": 2}]"#;
        let guards: Vec<Guard> = serde_json::from_str(text).unwrap();
        assert_eq!(guards.iter().map(Guard::word).collect::<Vec<_>>(), Guard::WORDS);
        let asked: Vec<String> = guards.iter().map(asked).collect();
        assert_eq!(
            asked[2..],
            [
                "tag vip",
                "field tracking",
                "right order.refund",
                "role Supervisor",
                "confirmation confirmed / failed",
                "payment paid",
                "notes call ≥ 2"
            ]
        );
    }

    #[test]
    fn a_right_that_a_guard_asks_for_decides_what_is_offered() {
        let rules = rules();
        let row = state::transition(Confirmed, OrderAction::Cancel).unwrap();
        assert!(!has_rights(&rules, row, &[Permission::OrderCancel].into_iter().collect()));
        assert!(has_rights(&rules, row, &[Permission::OrderCancel, Permission::OrderRefund].into_iter().collect()));
    }
}
