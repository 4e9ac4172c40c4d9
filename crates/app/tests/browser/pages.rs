//! Every page there is, in one table: what is asked for, who asks, how much it may weigh. The tests of looks and weights walk it, and the
//! pictures of the documentation are taken from it. A page that is missing here fails a test.

/// Who looks at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody has signed in.
    Visitor,
    /// Somebody with every right, who therefore sees everything that a page can show.
    Admin,
}

/// What a page may weigh on a phone with an empty cache: kilobytes on the wire, requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// What strangers open on a bad line: the door, the customer's own pages.
    Light,
    /// What people work with all day.
    Work,
    /// Charts and figures.
    Board,
}

impl Weight {
    pub const fn limits(self) -> (u64, usize) {
        match self {
            Weight::Light => (40, 5),
            Weight::Work => (75, 8),
            Weight::Board => (120, 12),
        }
    }
}

/// A page in one of its states.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Short, for messages and files.
    pub name: &'static str,
    /// The row of the route table.
    pub route: &'static str,
    /// What is asked for; `{names}` stand for what [`crate::world::World`] holds.
    pub path: &'static str,
    pub who: Who,
    pub weight: Weight,
    /// The status that the page comes with.
    pub status: u16,
    /// What the documentation says below its picture; pages without one are not shown there.
    pub caption: Option<&'static str>,
    /// Whether the documentation shows it on a phone, too.
    pub is_shown_on_a_phone: bool,
}

const fn page(name: &'static str, route: &'static str, path: &'static str) -> Page {
    Page { name, route, path, who: Who::Admin, weight: Weight::Work, status: 200, caption: None, is_shown_on_a_phone: false }
}

impl Page {
    const fn before_the_door(self) -> Page {
        Page { who: Who::Visitor, weight: Weight::Light, ..self }
    }

    const fn board(self) -> Page {
        Page { weight: Weight::Board, ..self }
    }

    const fn answers(self, status: u16) -> Page {
        Page { status, ..self }
    }

    const fn shown_on_a_phone(self) -> Page {
        Page { is_shown_on_a_phone: true, ..self }
    }

    const fn shown(self, caption: &'static str) -> Page {
        Page { caption: Some(caption), ..self }
    }
}

/// Every page, in the order of the documentation.
#[rustfmt::skip]
pub const PAGES: &[Page] = &[
    page("sign-in", "/sign-in", "/sign-in").before_the_door().shown("Signing in"),
    page("forgotten", "/sign-in/forgotten", "/sign-in/forgotten").before_the_door(),
    page("reset", "/sign-in/reset/{token}", "/sign-in/reset/{reset}").before_the_door(),
    page("join", "/sign-in/join/{token}", "/sign-in/join/{join}").before_the_door(),
    page("verify", "/sign-in/verify/{token}", "/sign-in/verify/{verify}").before_the_door(),
    page("spent-link", "/sign-in/join/{token}", "/sign-in/join/{spent}").before_the_door().answers(409),
    page("set-up", "/sign-in/set-up/{token}", "/sign-in/set-up/{spent}").before_the_door().answers(409),
    page("offline", "/offline", "/offline").before_the_door(),
    page("set-up-store", "/app/set-up", "/app/set-up").shown("The first start: the shop"),
    page("set-up-money", "/app/set-up/money", "/app/set-up/money"),
    page("set-up-team", "/app/set-up/team", "/app/set-up/team"),
    page("set-up-orders", "/app/set-up/orders", "/app/set-up/orders"),

    page("dashboard", "/app", "/app").board().shown("Dashboard").shown_on_a_phone(),
    page("alerts", "/app/alerts", "/app/alerts"),
    page("search", "/app/search", "/app/search?q=linen").shown("Search everywhere"),

    page("orders", "/app/orders", "/app/orders").shown("Orders").shown_on_a_phone(),
    page("orders-filtered", "/app/orders", "/app/orders?state=PENDING&min=10"),
    page("orders-none", "/app/orders", "/app/orders?q=nobody+is+called+so"),
    page("filters", "/app/orders/filters", "/app/orders/filters").shown("Filters"),
    page("columns", "/app/orders/columns", "/app/orders/columns"),
    page("views", "/app/orders/views", "/app/orders/views").shown("Saved views"),
    page("new-view", "/app/orders/views/new", "/app/orders/views/new?state=PENDING"),
    page("view", "/app/orders/views/{id}", "/app/orders/views/{view}"),
    page("bulk-runs", "/app/orders/bulk", "/app/orders/bulk"),
    page("bulk-new", "/app/orders/bulk/new", "/app/orders/bulk/new?do=archive&id={pending}"),
    page("bulk", "/app/orders/bulk/{id}", "/app/orders/bulk/{bulk}").shown("One action on many orders"),
    page("exports", "/app/exports", "/app/exports"),
    page("order", "/app/orders/{id}", "/app/orders/{order}").shown("One order").shown_on_a_phone(),
    page("order-pending", "/app/orders/{id}", "/app/orders/{pending}"),
    page("order-cancelled", "/app/orders/{id}", "/app/orders/{cancelled}"),
    page("order-unknown", "/app/orders/{id}", "/app/orders/ord_0000000000001").answers(404),
    page("order-edit", "/app/orders/{id}/edit", "/app/orders/{pending}/edit").shown("Editing an order"),
    page("edit", "/app/orders/{id}/edits/{edit_id}", "/app/orders/{order}/edits/{edit}"),
    page("new-order", "/app/orders/new", "/app/orders/new").shown("A new order").shown_on_a_phone(),
    page("drafts", "/app/drafts", "/app/drafts").shown("Drafts"),
    page("draft", "/app/drafts/{id}", "/app/drafts/{draft}"),

    page("customers", "/app/customers", "/app/customers").shown("Customers"),
    page("customer", "/app/customers/{id}", "/app/customers/{customer}").shown("One customer").shown_on_a_phone(),
    page("twins", "/app/customers/twins", "/app/customers/twins"),
    page("merge", "/app/customers/{id}/merge", "/app/customers/{customer}/merge?with={other-customer}"),
    page("new-customer", "/app/customers/new", "/app/customers/new"),
    page("customer-edit", "/app/customers/{id}/edit", "/app/customers/{customer}/edit"),
    page("new-phone", "/app/customers/{id}/phones/new", "/app/customers/{customer}/phones/new"),
    page("phone", "/app/customers/{id}/phones/{number}", "/app/customers/{customer}/phones/%2B213550142387"),
    page("new-address", "/app/customers/{id}/addresses/new", "/app/customers/{customer}/addresses/new"),
    page("address", "/app/customers/{id}/addresses/{address_id}", "/app/customers/{customer}/addresses/{address}"),
    page("new-flag", "/app/customers/{id}/flags/new", "/app/customers/{customer}/flags/new"),
    page("lift-flag", "/app/customers/{id}/flags/{flag_id}/lift", "/app/customers/{customer}/flags/{flag}/lift"),
    page("consents", "/app/customers/{id}/consents", "/app/customers/{customer}/consents"),
    page("erase", "/app/customers/{id}/erase", "/app/customers/{customer}/erase"),

    page("imports", "/app/imports", "/app/imports").shown("Imports"),
    page("new-import", "/app/imports/new", "/app/imports/new"),
    page("import-file", "/app/imports/files/{id}", "/app/imports/files/{file}?how=own").shown("Mapping the columns of a file"),
    page("import-check", "/app/imports/files/{id}/check", "/app/imports/files/{file}/check?how=generic"),
    page("import", "/app/imports/{id}", "/app/imports/{import}"),

    page("account", "/app/account", "/app/account").shown("One's own account"),
    page("second-factor", "/app/account/second-factor", "/app/account/second-factor"),
    page("stores", "/app/stores", "/app/stores").shown("Stores"),
    page("new-store", "/app/stores/new", "/app/stores/new"),
    page("store", "/app/stores/{id}", "/app/stores/{store}"),
    page("users", "/app/users", "/app/users").shown("People"),
    page("new-user", "/app/users/new", "/app/users/new"),
    page("user", "/app/users/{id}", "/app/users/{user}"),
    page("roles", "/app/users/roles", "/app/users/roles").shown("Roles"),
    page("new-role", "/app/users/roles/new", "/app/users/roles/new"),
    page("role", "/app/users/roles/{id}", "/app/users/roles/{role}"),
    page("keys", "/app/users/keys", "/app/users/keys"),
    page("new-key", "/app/users/keys/new", "/app/users/keys/new"),
    page("sessions", "/app/users/sessions", "/app/users/sessions"),
    page("settings", "/app/settings", "/app/settings").shown("Settings"),
    page("settings-orders", "/app/settings/{section}", "/app/settings/orders"),
    page("settings-general", "/app/settings/{section}", "/app/settings/general"),
    page("logo", "/app/settings/logo", "/app/settings/logo"),
    page("numbers", "/app/settings/numbers", "/app/settings/numbers"),
    page("tags", "/app/settings/tags", "/app/settings/tags"),
    page("tag", "/app/settings/tags/{id}", "/app/settings/tags/{tag}"),
    page("fields", "/app/settings/fields", "/app/settings/fields"),
    page("new-field", "/app/settings/fields/new", "/app/settings/fields/new"),
    page("field", "/app/settings/fields/{id}", "/app/settings/fields/{field}"),
    page("hold-kinds", "/app/settings/hold-kinds", "/app/settings/hold-kinds"),
    page("new-hold-kind", "/app/settings/hold-kinds/new", "/app/settings/hold-kinds/new"),
    page("hold-kind", "/app/settings/hold-kinds/{code}", "/app/settings/hold-kinds/address"),
    page("cancellation-reasons", "/app/settings/cancellation-reasons", "/app/settings/cancellation-reasons"),
    page("new-cancellation-reason", "/app/settings/cancellation-reasons/new", "/app/settings/cancellation-reasons/new"),
    page("cancellation-reason", "/app/settings/cancellation-reasons/{code}", "/app/settings/cancellation-reasons/other"),
    page("escalation-reasons", "/app/settings/escalation-reasons", "/app/settings/escalation-reasons"),
    page("new-escalation-reason", "/app/settings/escalation-reasons/new", "/app/settings/escalation-reasons/new"),
    page("escalation-reason", "/app/settings/escalation-reasons/{code}", "/app/settings/escalation-reasons/complaint"),
    page("statuses", "/app/settings/statuses", "/app/settings/statuses").shown("Statuses and moves"),
    page("state", "/app/settings/statuses/states/{state}", "/app/settings/statuses/states/CONFIRMED"),
    page("moves", "/app/settings/statuses/moves", "/app/settings/statuses/moves"),
    page("move", "/app/settings/statuses/moves/{state}/{action}", "/app/settings/statuses/moves/PENDING/confirm"),
    page("rule-draft", "/app/settings/statuses/draft", "/app/settings/statuses/draft"),
    page("rule-file", "/app/settings/statuses/file", "/app/settings/statuses/file"),
    page("rule-versions", "/app/settings/statuses/versions", "/app/settings/statuses/versions"),
    page("rule-version", "/app/settings/statuses/versions/{version}", "/app/settings/statuses/versions/1"),
    page("health", "/app/system", "/app/system").shown("The installation's health"),
    page("jobs", "/app/system/jobs", "/app/system/jobs"),
    page("tasks", "/app/system/tasks", "/app/system/tasks"),
    page("schedules", "/app/system/schedules", "/app/system/schedules"),
    page("logs", "/app/system/logs", "/app/system/logs"),
    page("backups", "/app/system/backups", "/app/system/backups").shown("Backups"),
    page("backup", "/app/system/backups/{backup}", "/app/system/backups/{backup}"),
    page("audit", "/app/audit", "/app/audit").shown("Audit"),
    page("audit-proof", "/app/audit/proof", "/app/audit/proof"),

    page("look-up", "/track-order", "/track-order").before_the_door(),
    page("tracking", "/t/{token}", "/t/{tracking}").before_the_door().shown("What the customer sees").shown_on_a_phone(),
    page("own-change", "/t/{token}/change", "/t/{own}/change").before_the_door(),
    page("own-cancel", "/t/{token}/cancel", "/t/{own}/cancel").before_the_door(),
    page("own-figures", "/my-orders/figures", "/my-orders/figures?shop={shop}").before_the_door(),
    page("own-orders", "/my-orders", "/my-orders?shop={shop}").before_the_door(),
    page("own-order", "/my-orders/orders/{id}", "/my-orders/orders/{order}?shop={shop}").before_the_door(),
    page("quote", "/q/{token}", "/q/{quote}").before_the_door().shown("A quote, as the customer sees it"),
];

/// Routes of pages that are no page to look at, and why.
#[rustfmt::skip]
pub const NO_PAGES: &[(&str, &str)] = &[
    ("/", "leads on"),
    ("/app/back", "leads on"),
    ("/customer/orders", "leads on"),
    ("/customer/orders/{id}/track", "leads on"),
    ("/shop/orders", "leads on"),
    ("/shop/orders/{id}", "leads on"),
    ("/shop/advanced-analytics", "leads on"),
    ("/app/session", "says whether the session still lives"),
    ("/app/live", "a stream"),
    ("/app/orders/rows", "a part of the list"),
    ("/app/orders/fresh", "a part of the list"),
    ("/app/orders/count", "a part of the list"),
    ("/app/orders/counts", "a part of the list"),
    ("/app/orders/{id}/quick", "a part of the list"),
    ("/app/orders/{id}/attachments/{attachment_id}", "a file"),
    ("/app/customers/{id}/work", "a part of the customer's page"),
    ("/app/customers/{id}/exports/{task_id}", "a file"),
    ("/app/imports/sample", "a file"),
    ("/app/tasks/{id}/file", "a file"),
    ("/app/settings/statuses/file/rules.json", "a file"),
    ("/app/system/backups/{backup}/copy", "a file"),
    ("/app/system/backups/{backup}/manifest", "a file"),
];
