//! The numbered list of migrations, forward only. A released one is never edited.

use db::Migration;

macro_rules! step {
    ($number:literal, $digits:literal, $name:literal) => {
        Migration { number: $number, name: $name, sql: include_str!(concat!("../../../migrations/", $digits, "_", $name, ".sql")) }
    };
}

/// Every migration there is, in order; a test compares the list with the folder.
pub fn migrations() -> &'static [Migration] {
    const LIST: &[Migration] = &[
        step!(1, "0001", "base_core"),
        step!(2, "0002", "base_work"),
        step!(3, "0003", "access"),
        step!(4, "0004", "customers"),
        step!(5, "0005", "catalogue"),
        step!(6, "0006", "orders"),
        step!(7, "0007", "notifications"),
        step!(8, "0008", "payments"),
    ];
    LIST
}
