//! What customers read: where an order stands, its stops, couriers' words, days and hours.

use kernel::{Day, Time};
use tracking::{Group, OwnReason, Stage, Standing, WantedSort, Wish};

use crate::format::Format;
use crate::words::Words;

/// Heading and sentence of a standing.
pub(super) fn standing(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Received => ("track-h-received", "track-s-received"),
        Standing::NotReached => ("track-h-not-reached", "track-s-not-reached"),
        Standing::Confirmed => ("track-h-confirmed", "track-s-confirmed"),
        Standing::Waiting => ("track-h-waiting", "track-s-waiting"),
        Standing::Preparing => ("track-h-preparing", "track-s-preparing"),
        Standing::Sent => ("track-h-sent", "track-s-sent"),
        Standing::AtOffice => ("track-h-at-office", "track-s-at-office"),
        Standing::Near => ("track-h-near", "track-s-near"),
        Standing::NotMet => ("track-h-not-met", "track-s-not-met"),
        Standing::Delivered => ("track-h-delivered", "track-s-delivered"),
        Standing::ReturnAsked => ("track-h-return-asked", "track-s-return-asked"),
        Standing::ReturnAccepted => ("track-h-return-accepted", "track-s-return-accepted"),
        Standing::Returning => ("track-h-returning", "track-s-returning"),
        Standing::Back => ("track-h-back", "track-s-back"),
        Standing::Refunded => ("track-h-refunded", "track-s-refunded"),
        Standing::Cancelled => ("track-h-cancelled", "track-s-cancelled"),
        Standing::Lost => ("track-h-lost", "track-s-lost"),
    }
}

/// The short word of a standing and its tone.
pub(super) fn badge(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Received => ("state-new", "info"),
        Standing::NotReached => ("state-to-confirm", "warn"),
        Standing::Confirmed => ("state-confirmed", "ok"),
        Standing::Waiting => ("state-backordered", "warn"),
        Standing::Preparing => ("state-processing", "pri-soft"),
        Standing::Sent => ("state-shipped", "vio"),
        Standing::AtOffice => ("shipping-at-office", "warn"),
        Standing::Near => ("state-out", "vio"),
        Standing::NotMet => ("shipping-failed-attempt", "warn"),
        Standing::Delivered => ("state-delivered", "ok"),
        Standing::ReturnAsked => ("state-return-requested", "warn"),
        Standing::ReturnAccepted => ("state-return-approved", "warn"),
        Standing::Returning => ("shipping-returning", "warn"),
        Standing::Back => ("state-returned", "bad"),
        Standing::Refunded => ("state-refunded", "neu"),
        Standing::Cancelled => ("state-cancelled", "bad"),
        Standing::Lost => ("shipping-lost", "bad"),
    }
}

/// A stop of the way.
pub(super) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Received => "track-stage-received",
        Stage::Confirmed => "track-stage-confirmed",
        Stage::Prepared => "track-stage-prepared",
        Stage::Sent => "track-stage-sent",
        Stage::Near => "track-stage-near",
        Stage::Delivered => "track-stage-delivered",
        Stage::ReturnAsked => "track-stage-return-asked",
        Stage::ReturnAccepted => "track-stage-return-accepted",
        Stage::Back => "track-stage-back",
        Stage::Refunded => "track-stage-refunded",
        Stage::Cancelled => "track-stage-cancelled",
    }
}

/// What the present stop shows.
pub(super) fn stage_icon(stage: Stage) -> &'static str {
    match stage {
        Stage::Received | Stage::Confirmed | Stage::Delivered => "check",
        Stage::Prepared => "package",
        Stage::Sent | Stage::Near => "truck",
        Stage::ReturnAsked | Stage::ReturnAccepted | Stage::Back => "undo-2",
        Stage::Refunded => "banknote",
        Stage::Cancelled => "x",
    }
}

/// What a customer asks for.
pub(super) fn wish(wish: Wish) -> &'static str {
    match wish {
        Wish::OtherDay => "track-wish-day",
        Wish::Address => "track-wish-address",
        Wish::Cancel => "track-wish-cancel",
        Wish::Return => "track-wish-return",
        Wish::Other => "track-wish-other",
    }
}

/// Why a customer calls an order off.
pub(super) fn reason(reason: OwnReason) -> &'static str {
    match reason {
        OwnReason::ChangedMind => "track-reason-changed-mind",
        OwnReason::DeliveryTime => "track-reason-delivery-time",
        OwnReason::Price => "track-reason-price",
        OwnReason::Duplicate => "track-reason-duplicate",
        OwnReason::Other => "track-reason-other",
    }
}

pub(super) fn group(group: Group) -> &'static str {
    match group {
        Group::All => "mine-show-all",
        Group::Coming => "mine-show-coming",
        Group::Delivered => "mine-show-delivered",
        Group::Ended => "mine-show-ended",
    }
}

pub(super) fn sort(sort: WantedSort) -> &'static str {
    match sort {
        WantedSort::Newest => "mine-sort-newest",
        WantedSort::Oldest => "mine-sort-oldest",
        WantedSort::Total => "mine-sort-total",
    }
}

/// A courier's word in the reader's language, where it is one that many use; else the word itself.
pub(super) fn news(say: Words, status: &str) -> String {
    let key = match status.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
        "packed" => "track-news-packed",
        "picked_up" | "collected" => "track-news-picked-up",
        "in_transit" | "shipped" => "track-news-in-transit",
        "at_hub" | "at_center" | "at_centre" => "track-news-at-hub",
        "at_office" => "track-news-at-office",
        "out_for_delivery" => "track-news-out",
        "failed_attempt" | "delivery_failed" | "failed" => "track-news-failed",
        "delivered" => "track-news-delivered",
        "returned" => "track-news-returned",
        _ => return status.to_owned(),
    };
    say.t(key)
}

fn weekday(say: Words, day: Day) -> String {
    use jiff::civil::Weekday;
    say.t(match day.date().weekday() {
        Weekday::Monday => "track-monday",
        Weekday::Tuesday => "track-tuesday",
        Weekday::Wednesday => "track-wednesday",
        Weekday::Thursday => "track-thursday",
        Weekday::Friday => "track-friday",
        Weekday::Saturday => "track-saturday",
        Weekday::Sunday => "track-sunday",
    })
}

/// `Sunday 22 Nov`
pub(super) fn day(say: Words, format: &Format, zone: &jiff::tz::TimeZone, day: Day) -> String {
    say.with("track-day", &[("weekday", weekday(say, day)), ("date", format.date(day.start_in(zone)))])
}

/// `Today, 08:47`, within a week `Friday 20, 16:12`, else `Friday 6 Nov, 16:12`
pub(super) fn moment(say: Words, format: &Format, zone: &jiff::tz::TimeZone, now: Time, at: Time) -> String {
    let (that, today) = (at.day_in(zone), now.day_in(zone));
    if that == today {
        return say.one("track-at-today", "time", format.clock(at));
    }
    let is_near = that < today && today.plus(-7) < that;
    let date = if is_near { that.date().day().to_string() } else { format.date(at) };
    say.with("track-at", &[("weekday", weekday(say, that)), ("date", date), ("time", format.clock(at))])
}
