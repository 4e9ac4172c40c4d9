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
        step!(9, "0009", "orders_edit"),
        step!(10, "0010", "orders_drafts"),
        step!(11, "0011", "orders_holds"),
        step!(12, "0012", "fields"),
        step!(13, "0013", "attachments"),
        step!(14, "0014", "statuses"),
        step!(15, "0015", "series"),
        step!(16, "0016", "bulk"),
        step!(17, "0017", "views"),
        step!(18, "0018", "customers_care"),
        step!(19, "0019", "import_export"),
        step!(20, "0020", "review"),
        step!(21, "0021", "tracking"),
        step!(22, "0022", "rule_drafts"),
        step!(23, "0023", "mentions"),
        step!(24, "0024", "list_indexes"),
        step!(25, "0025", "logos"),
        step!(26, "0026", "due_by_kind"),
    ];
    LIST
}
