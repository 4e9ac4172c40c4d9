//! Decisions that need no database: names, passwords, lock-outs, lifetimes, who may grant what.

use base::Ctx;
use base::settings::Access;
use kernel::{Check, Error, FieldError, Permission, Permissions, Time};
use unicode_normalization::UnicodeNormalization;

use crate::model::SessionKind;

/// Shortest password, in letters.
pub(crate) const PASSWORD_LEAST: usize = 8;
/// Longest password, in letters.
pub(crate) const PASSWORD_MOST: usize = 200;
/// How often `last_seen_at` is written at most.
pub(crate) const TOUCH_EVERY_US: i64 = 5 * Time::MINUTE;
/// How long the second step may take.
pub(crate) const SECOND_STEP_US: i64 = 5 * Time::MINUTE;
/// Wrong codes after which the second step must begin anew.
pub(crate) const SECOND_STEP_ATTEMPTS: i64 = 5;
/// Failures this old are forgotten.
pub(crate) const FAILURES_FORGOTTEN_US: i64 = Time::DAY;
/// An address may fail this many times as often as a name: a call centre shares one.
pub(crate) const ADDRESS_ALLOWANCE: u32 = 4;
/// Longest life of a session that is not on a trusted device, however busy.
const UNTRUSTED_MOST_US: i64 = 30 * Time::DAY;

/// The form of an e-mail address by which it is compared.
pub(crate) fn email_key(email: &str) -> String {
    // What no address holds; one of the engines cannot even be asked for a zero letter.
    email.trim().nfkc().filter(|sign| !sign.is_control()).collect::<String>().to_lowercase()
}

/// Notes what is wrong with an e-mail address: what no mail server would take.
pub(crate) fn check_email(check: &mut Check, field: &str, email: &str) {
    let email = email.trim();
    let good = email.len() <= 254
        && !email.chars().any(|sign| sign.is_whitespace() || sign.is_control() || matches!(sign, ',' | ';' | '<' | '>' | '"' | '(' | ')' | ':'))
        && email.rsplit_once('@').is_some_and(|(local, host)| {
            let good_host = host.split('.').all(|part| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-'));
            (1..=64).contains(&local.len()) && !local.contains('@') && good_host && !host.is_empty()
        });
    check.require(good, field, "email");
}

/// Notes an empty, overlong or unprintable name.
pub(crate) fn check_name(check: &mut Check, field: &str, name: &str, most: usize) {
    let name = name.trim();
    if name.is_empty() {
        check.fail(field, "required");
    } else if name.chars().count() > most {
        check.push(FieldError::new(field, "too_long").with("most", most));
    } else if name.chars().any(char::is_control) {
        check.fail(field, "text.control");
    }
}

/// Notes a password that is too short, too long or too easy, given what a guesser knows of its owner.
/// zxcvbn's score: 0 is guessed at once, 4 is very strong. Reads the first 100 letters, as zxcvbn does.
pub(crate) fn check_password(check: &mut Check, field: &str, password: &str, known: &[&str], least_score: u8) {
    let letters = password.chars().count();
    if letters < PASSWORD_LEAST {
        check.push(FieldError::new(field, "password.short").with("least", PASSWORD_LEAST));
    } else if letters > PASSWORD_MOST {
        check.push(FieldError::new(field, "password.long").with("most", PASSWORD_MOST));
    } else {
        let mut known: Vec<&str> =
            known.iter().flat_map(|one| one.split(['@', '.', ' ', '-', '_']).chain([*one])).filter(|one| one.len() > 2).collect();
        known.push("kafila");
        let score = u8::from(zxcvbn::zxcvbn(password, &known).score());
        if score < least_score {
            check.push(FieldError::new(field, "password.weak").with("score", score).with("least", least_score));
        }
    }
}

/// Nobody grants a right that they do not have: `Forbidden` names the first one missing.
pub(crate) fn may_grant(ctx: &Ctx, permissions: &Permissions) -> Result<(), Error> {
    permissions.iter().try_for_each(|one: Permission| ctx.require(one))
}

/// Failures of one name or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) failures: i64,
    pub(crate) last_at: Time,
    pub(crate) locked_until: Option<Time>,
}

/// One failure more. From the allowed number on it locks for one minute, then two, four …, at most
/// for `minutes`.
pub(crate) fn failed_again(before: Option<Failures>, now: Time, allowed: u32, minutes: u32) -> Failures {
    let counted = before.filter(|before| now.since_us(before.last_at) < FAILURES_FORGOTTEN_US).map_or(0, |before| before.failures);
    let failures = counted + 1;
    let over = failures - i64::from(allowed);
    let locked_until = (over >= 0).then(|| {
        let minutes = (1_i64 << over.min(30)).min(i64::from(minutes));
        now.plus_us(minutes * Time::MINUTE)
    });
    Failures { failures, last_at: now, locked_until }
}

/// Seconds that a lock still holds.
pub(crate) fn locked_for_s(failures: Option<Failures>, now: Time) -> Option<u32> {
    let left = failures?.locked_until?.since_us(now);
    (left > 0).then(|| u32::try_from(left / Time::SECOND + 1).unwrap_or(u32::MAX))
}

/// When a session ends unless it is used again. A trusted device is signed in for a number of days,
/// another for as long as it is used at least every few days; a token has its hours.
pub(crate) fn session_expires(settings: &Access, kind: SessionKind, is_trusted: bool, created_at: Time, seen_at: Time) -> Time {
    let days = |days: u32| i64::from(days) * Time::DAY;
    match (kind, is_trusted) {
        (SessionKind::Token, _) => created_at.plus_us(i64::from(settings.token_hours.min(24)) * Time::HOUR),
        (SessionKind::Browser, true) => created_at.plus_us(days(settings.trusted_days)),
        (SessionKind::Browser, false) => {
            let most = UNTRUSTED_MOST_US.max(days(settings.session_idle_days));
            Time(seen_at.plus_us(days(settings.session_idle_days)).0.min(created_at.plus_us(most).0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn wrong(check: Check) -> String {
        match check.done() {
            Ok(()) => String::new(),
            Err(Error::Invalid(fields)) => fields.iter().map(|one| one.code).collect::<Vec<_>>().join(" "),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn an_address_is_one_that_mail_can_reach() {
        let check = |email: &str| {
            let mut check = Check::new();
            check_email(&mut check, "email", email);
            wrong(check)
        };
        for good in ["amina@natu.dz", " Amina.Benali+x@mail.natu.dz ", "root@localhost", "أمينة@مثال.إختبار"] {
            assert_eq!(check(good), "", "{good}");
        }
        for bad in [
            "",
            "amina",
            "@natu.dz",
            "amina@",
            "a b@natu.dz",
            "a@b@c.dz",
            "a@-b.dz",
            "a@b..dz",
            "a@b.dz\nBcc: x@y.z",
            &format!("a@{}.dz", "x".repeat(260)),
        ] {
            assert_eq!(check(bad), "email", "{bad}");
        }
        assert_eq!(email_key(" Amina@NATU.dz "), "amina@natu.dz");
    }

    #[test]
    fn a_password_is_hard_to_guess_for_who_knows_its_owner() {
        let check = |password: &str| {
            let mut check = Check::new();
            check_password(&mut check, "password", password, &["amina.benali@natu.dz", "Amina Benali"], 3);
            wrong(check)
        };
        assert_eq!(check("short"), "password.short");
        assert_eq!(check("password1"), "password.weak");
        assert_eq!(check("aminabenali"), "password.weak");
        assert_eq!(check("kafila2026"), "password.weak");
        assert_eq!(check("seven camels drink slowly"), "");
        assert_eq!(check(&"long enough to be refused ".repeat(8)), "password.long");
    }

    #[test]
    fn locks_double_and_end_at_the_longest() {
        let mut now = Time(1_000_000_000);
        let mut failures = None;
        let mut minutes = Vec::new();
        for _ in 0..10 {
            let after = failed_again(failures, now, 5, 15);
            minutes.push(after.locked_until.map_or(0, |until| until.since_us(now) / Time::MINUTE));
            failures = Some(after);
            now = now.plus_us(Time::HOUR);
        }
        assert_eq!(minutes, [0, 0, 0, 0, 1, 2, 4, 8, 15, 15]);
        assert_eq!(locked_for_s(failures, now), None);
        assert_eq!(failed_again(failures, now.plus_us(Time::DAY), 5, 15).failures, 1);
    }

    #[test]
    fn sessions_end_by_themselves() {
        let settings = Access::default();
        let start = Time(0);
        let days = |kind, trusted, seen: i64| session_expires(&settings, kind, trusted, start, start.plus_us(seen * Time::DAY)).0 / Time::DAY;
        assert_eq!(days(SessionKind::Browser, true, 3), 30);
        assert_eq!(days(SessionKind::Browser, false, 3), 10);
        assert_eq!(days(SessionKind::Browser, false, 29), 30);
        assert_eq!(days(SessionKind::Token, true, 0), 1);
    }
}
