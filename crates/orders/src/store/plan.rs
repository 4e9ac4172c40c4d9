//! How a list of orders is read: which index leads, and what is checked on the way.
//!
//! Both engines would choose by themselves, one of them without knowing the data. So the leading
//! index is chosen here, and for that engine every other condition is written so that no index can
//! serve it (`coalesce(o.state, '') = …`, see [`dialect::beside_index`]). A leading filter with several values becomes one arm for each value;
//! the arms are sorted each by the index and merged, so that a page of 50 reads 50 rows an arm however
//! many match. Which index serves what stands in `0006_orders.sql`.

use db::{Engine, Value, dialect};
use fields::{FacetHow, FacetTest};
use kernel::value::ToValue;
use kernel::{OrderId, OrderState, PaymentState, Priority, ShippingState};

use crate::filter::{Archived, Assigned, OrderFilter};
use crate::sort::{Place, Sort, SortKey};

/// A filter by value that has an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Customer,
    Agent,
    State,
    Shipping,
    Confirmation,
    Payment,
    Priority,
    City,
    Province,
    Channel,
    Method,
    Store,
    Substatus,
}

/// By how few orders usually share a value.
const FIELDS: [Field; 13] = [
    Field::Customer,
    Field::Priority,
    Field::Substatus,
    Field::Agent,
    Field::City,
    Field::Province,
    Field::State,
    Field::Shipping,
    Field::Confirmation,
    Field::Payment,
    Field::Channel,
    Field::Method,
    Field::Store,
];

/// More values than these make no arms.
const ARMS: usize = 8;

impl Field {
    fn column(self) -> &'static str {
        match self {
            Field::Customer => "customer_id",
            Field::Agent => "agent_id",
            Field::State => "state",
            Field::Shipping => "shipping_state",
            Field::Confirmation => "confirmation",
            Field::Payment => "payment_state",
            Field::Priority => "priority",
            Field::City => "city",
            Field::Province => "province_key",
            Field::Channel => "channel",
            Field::Method => "payment_method",
            Field::Store => "store_id",
            Field::Substatus => "substatus",
        }
    }

    /// The column as it is checked when another index leads.
    fn beside(self, engine: Engine) -> String {
        let empty = if self.is_number() { "0" } else { "''" };
        dialect::beside_index(engine, &format!("o.{}", self.column()), empty)
    }

    fn is_number(self) -> bool {
        matches!(self, Field::Customer | Field::Agent | Field::Store)
    }

    /// What is asked of it; `Null` among them means that the column may be empty. Nothing means that all will do.
    fn values(self, filter: &OrderFilter) -> Vec<Value> {
        match self {
            Field::Customer => filter.customer.iter().map(ToValue::to_value).collect(),
            Field::Agent => filter
                .assigned
                .iter()
                .map(|one| match one {
                    // Who calls was put in before; nobody has this id.
                    Assigned::Caller => Value::Int(0),
                    Assigned::Free => Value::Null,
                    Assigned::To(user) => user.to_value(),
                })
                .collect(),
            Field::State => filter.states.iter().map(ToValue::to_value).collect(),
            Field::Shipping => filter.shipping_states.iter().map(ToValue::to_value).collect(),
            Field::Confirmation => filter.confirmations.iter().map(ToValue::to_value).collect(),
            Field::Payment => filter.payment_states.iter().map(ToValue::to_value).collect(),
            Field::Priority => filter.priorities.iter().map(ToValue::to_value).collect(),
            Field::City => filter.cities.iter().map(ToValue::to_value).collect(),
            Field::Province => filter.provinces.iter().map(ToValue::to_value).collect(),
            Field::Channel => filter.channels.iter().map(ToValue::to_value).collect(),
            Field::Method => filter.payment_methods.iter().map(ToValue::to_value).collect(),
            Field::Store => filter.stores.iter().map(ToValue::to_value).collect(),
            Field::Substatus => filter.substatuses.iter().map(ToValue::to_value).collect(),
        }
    }

    /// Whether its index can lead: it has few values, and all of them stand in the index.
    fn can_lead(self, filter: &OrderFilter) -> bool {
        (1..=ARMS).contains(&self.values(filter).len()) && self.is_indexed(filter)
    }

    /// Whether its index can find the rows of more values than make arms, to be sorted afterwards.
    fn can_gather(self, filter: &OrderFilter) -> bool {
        let values = self.values(filter);
        values.len() > ARMS && !values.contains(&Value::Null) && self.is_indexed(filter)
    }

    fn is_indexed(self, filter: &OrderFilter) -> bool {
        self != Field::Priority || !filter.priorities.contains(&Priority::Normal)
    }

    /// Whether the value is one that few orders have at a time, so that nothing better needs to be looked for.
    fn is_rare(self, filter: &OrderFilter) -> bool {
        match self {
            Field::Customer | Field::Priority => true,
            Field::State => filter
                .states
                .iter()
                .all(|state| !matches!(state, OrderState::Delivered | OrderState::Returned | OrderState::Refunded | OrderState::Cancelled)),
            Field::Shipping => {
                filter.shipping_states.iter().all(|state| !matches!(state, ShippingState::None | ShippingState::Delivered | ShippingState::Returned))
            }
            Field::Payment => filter.payment_states.iter().all(|state| !matches!(state, PaymentState::Unpaid | PaymentState::Paid)),
            Field::Agent | Field::Confirmation | Field::City | Field::Province | Field::Channel | Field::Method | Field::Store | Field::Substatus => {
                false
            }
        }
    }
}

/// What leads the way through the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// The index of the sort, everything else checked row by row.
    Sort,
    /// The index of a filter; its rows come sorted by `created_at`, else they are sorted.
    Field(Field),
    /// The same for more values than make arms; its rows are sorted.
    Gathered(Field),
    /// The index of lines by what they sell; its rows come sorted by `created_at`, else they are sorted.
    Sold,
    /// What is open among what was passed up the team; its rows are sorted.
    Escalated,
    /// The index of what is held back.
    Held,
    /// The index of places that the lists do not know.
    Unplaced,
    /// The index of what is out of the daily lists.
    Archived,
    /// A range of days.
    Days,
    /// A range of amounts.
    Amounts,
    /// The index of tags and fields: the values of this one of the filter's tests.
    Facet(usize),
    /// The same, a range of numbers.
    FacetRange(usize),
    /// None: the rows are found by something else, and no index shall be tempted.
    Beside,
}

/// How a list is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// One index leads through all of it; groups of alternatives are checked row by row.
    One(Lead),
    /// Each of the filter's groups has an index of its own, in their order; what else shall hold is checked row by row.
    Each(Vec<Lead>),
}

impl From<Lead> for Way {
    fn from(lead: Lead) -> Way {
        Way::One(lead)
    }
}

impl Lead {
    /// The same for what [`alone`] answers, where there is one test.
    pub(crate) fn alone(self) -> Lead {
        match self {
            Lead::Facet(_) => Lead::Facet(0),
            Lead::FacetRange(_) => Lead::FacetRange(0),
            other => other,
        }
    }
}

/// The values of a test that its index can lead with: few enough for an arm each.
fn led_by(test: &FacetTest) -> Option<&[String]> {
    match &test.how {
        FacetHow::Any(values) if (1..=ARMS).contains(&values.len()) => Some(values),
        _ => None,
    }
}

/// The leads that a filter offers besides the sort itself, the usually narrowest first.
pub(crate) fn leads(filter: &OrderFilter, sort: Sort) -> Vec<Lead> {
    let mut leads: Vec<Lead> = FIELDS.into_iter().filter(|field| field.can_lead(filter)).map(Lead::Field).collect();
    if !filter.variants.is_empty() {
        leads.insert(0, Lead::Sold);
    }
    for (place, test) in filter.facets.iter().enumerate().rev() {
        match &test.how {
            FacetHow::Any(_) if led_by(test).is_some() => leads.insert(0, Lead::Facet(place)),
            FacetHow::Range { .. } => leads.push(Lead::FacetRange(place)),
            FacetHow::Any(_) | FacetHow::None(_) => {}
        }
    }
    if filter.archived == Archived::No {
        if filter.is_held == Some(true) {
            leads.insert(0, Lead::Held);
        }
        if filter.place_known == Some(false) {
            leads.insert(0, Lead::Unplaced);
        }
    }
    if filter.is_escalated == Some(true) {
        leads.push(Lead::Escalated);
    }
    leads.extend(FIELDS.into_iter().filter(|field| field.can_gather(filter)).map(Lead::Gathered));
    let is_ranged = filter.total_from.is_some() || filter.total_to.is_some();
    if is_ranged && sort.key != SortKey::Total {
        leads.push(Lead::Amounts);
    }
    let is_dated = filter.placed_from.is_some() || filter.placed_until.is_some();
    if is_dated && sort.key != SortKey::CreatedAt {
        leads.push(Lead::Days);
    }
    if filter.archived == Archived::Only {
        leads.push(Lead::Archived);
    }
    leads
}

/// The lead that needs no looking, if there is one: nothing to choose from, one filter whose index
/// also sorts, or a value that is always rare.
pub(crate) fn obvious(filter: &OrderFilter, sort: Sort, leads: &[Lead]) -> Option<Lead> {
    match leads {
        [] => Some(Lead::Sort),
        [lead @ (Lead::Field(_) | Lead::Sold | Lead::Unplaced | Lead::Archived | Lead::Facet(_))] if sort.key == SortKey::CreatedAt => Some(*lead),
        _ => rare(filter, leads),
    }
}

/// A lead by a value that is always rare: nothing better needs to be looked for.
pub(crate) fn rare(filter: &OrderFilter, leads: &[Lead]) -> Option<Lead> {
    match leads {
        [Lead::Held, ..] => Some(Lead::Held),
        [Lead::Field(field), ..] if field.is_rare(filter) => Some(Lead::Field(*field)),
        _ => None,
    }
}

/// One way into the table: a part of the list that an index reads in order.
struct Arm {
    from: &'static str,
    conditions: String,
    rank: i64,
    lead: Lead,
}

/// The most urgent is the largest; [`RANK`] says the same.
pub(crate) fn rank_of(priority: Priority) -> i64 {
    match priority {
        Priority::Urgent => 3,
        Priority::High => 2,
        Priority::Normal => 1,
        Priority::Low => 0,
    }
}

const RANK: &str = "case o.priority when 'urgent' then 3 when 'high' then 2 when 'normal' then 1 else 0 end";

/// A list, ready to be written as SQL.
pub(crate) struct Plan {
    arms: Vec<Arm>,
    /// What each arm is sorted by.
    sort: Sort,
    engine: Engine,
    params: Vec<Value>,
}

fn way(is_descending: bool) -> &'static str {
    if is_descending { " desc" } else { "" }
}

/// The columns of `OrderRow`.
const ROW: &str = "o.id, o.seq, o.number, o.store_id, o.external_ref, o.channel, o.customer_id, o.contact_name, o.contact_phone, o.city, o.province, \
     o.country, o.place_known, o.state, o.confirmation, o.call_at, o.agent_id, o.shipping_state, o.payment_state, o.payment_method, o.tracking, \
     o.courier, o.substatus, o.hold_count, o.priority, o.expected_on, o.currency, o.total, o.to_collect, o.line_count, o.item_count, o.backordered_count, \
     o.note_count, o.summary, o.tags, o.custom, o.archived_at, o.created_at, o.updated_at, o.moved_at, o.version";

/// Builds the arms of a list. Sorted by urgency, the few urgent ones come from their own index, and
/// the lead is for the rest, each urgency sorted within itself. `params` begins with the organization. `after` is where the page before ended.
pub(crate) fn plan(filter: &OrderFilter, sort: Sort, way: impl Into<Way>, after: Option<Place>, engine: Engine, org: Value) -> Plan {
    let way = way.into();
    let mut plan = Plan { arms: Vec::new(), sort: sort.within(), engine, params: vec![org] };
    if sort.key == SortKey::Priority {
        for priority in [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low] {
            let rank = rank_of(priority);
            let is_wanted = filter.priorities.is_empty() || filter.priorities.contains(&priority);
            if !is_wanted || after.is_some_and(|after| after.rank < rank) {
                continue;
            }
            let one = OrderFilter { priorities: vec![priority], ..filter.clone() };
            let way = if Field::Priority.can_lead(&one) { Way::One(Lead::Field(Field::Priority)) } else { way.clone() };
            plan.fill(&one, &way, after.filter(|after| after.rank == rank), rank);
        }
        return plan;
    }
    plan.fill(filter, &way, after, 0);
    plan
}

impl Plan {
    /// A group as conditions that tempt no index. Only what is used may be bound.
    fn group(&mut self, group: &OrderFilter) -> String {
        let tests = self.tests(group, Lead::Beside);
        // Whoever asks for the lack of a tag that nobody ever gave asks nothing.
        tests.strip_prefix(" and ").map_or_else(|| "1 = 1".to_owned(), str::to_owned)
    }

    /// The condition that one of the groups holds; nothing where there are none.
    fn any_of_groups(&mut self, filter: &OrderFilter) -> String {
        let groups: Vec<String> = filter.any.iter().map(|group| format!("({})", self.group(group))).collect();
        if groups.is_empty() { String::new() } else { format!(" and ({})", groups.join(" or ")) }
    }

    /// Adds the arms of one filter.
    fn fill(&mut self, filter: &OrderFilter, way: &Way, after: Option<Place>, rank: i64) {
        match way {
            Way::One(lead) => {
                let any = self.any_of_groups(filter);
                self.add(filter, *lead, after, rank, &any);
            }
            Way::Each(leads) => {
                let mut beside = self.tests(filter, Lead::Beside);
                for (place, (group, lead)) in filter.any.iter().zip(leads).enumerate() {
                    self.add(group, *lead, after, rank, &beside);
                    if place + 1 < filter.any.len() {
                        // What meets several groups stands in the arms of the first.
                        let group = self.group(group);
                        beside.push_str(&format!(" and ({group}) is not true"));
                    }
                }
            }
        }
    }

    fn bind(&mut self, value: Value) -> String {
        self.params.push(value);
        format!("${}", self.params.len())
    }

    /// The column that the rows are sorted by.
    fn key(&self) -> &'static str {
        match self.sort.key {
            SortKey::CreatedAt | SortKey::Priority => "created_at",
            SortKey::Total => "total",
            SortKey::MovedAt => "moved_at",
            SortKey::Number => "seq",
        }
    }

    /// What the rows are sorted by among equals, and which end comes first. The rows of one first key are few, or are
    /// sorted for each page.
    fn second(&self) -> Option<(&'static str, &'static str)> {
        let then = self.sort.then?;
        let column = match then.key {
            SortKey::CreatedAt => "o.created_at",
            SortKey::Total => "o.total",
            SortKey::MovedAt => "o.moved_at",
            SortKey::Number => "o.seq",
            SortKey::Priority => RANK,
        };
        Some((column, way(then.has_largest_first())))
    }

    /// What an arm's rows are sorted by. Where the lead's index does not sort by it, it is written so that
    /// no index of the sort tempts an engine away from the lead.
    fn sorted(&self, lead: Lead) -> String {
        let key = self.key();
        let is_sorted = match lead {
            Lead::Sort => true,
            Lead::Amounts => key == "total",
            Lead::Field(_) | Lead::Held | Lead::Unplaced | Lead::Archived | Lead::Days => key == "created_at",
            Lead::Facet(_) if key == "created_at" => return "f.created_at".to_owned(),
            Lead::Sold if key == "created_at" => return "l.placed_at".to_owned(),
            Lead::Facet(_) | Lead::FacetRange(_) | Lead::Sold | Lead::Gathered(_) | Lead::Escalated | Lead::Beside => false,
        };
        let column = format!("o.{key}");
        if is_sorted { column } else { dialect::beside_index(self.engine, &column, "0") }
    }

    fn order(&self, lead: Lead) -> String {
        let second = self.second().map(|(column, way)| format!(", {column}{way}")).unwrap_or_default();
        format!("{}{}{second}, {}{}", self.sorted(lead), way(self.sort.is_descending), Self::id(lead), way(self.sort.is_last_descending()))
    }

    /// The order's id, where the lead's index has it.
    fn id(lead: Lead) -> &'static str {
        match lead {
            Lead::Facet(_) | Lead::FacetRange(_) => "f.order_id",
            Lead::Sold => "l.order_id",
            _ => "o.id",
        }
    }

    /// Adds the arms of one filter and lead, with more conditions on each.
    fn add(&mut self, filter: &OrderFilter, lead: Lead, after: Option<Place>, rank: i64, more: &str) {
        let values = match lead {
            Lead::Field(field) => field.values(filter),
            Lead::Facet(place) => filter.facets.get(place).and_then(led_by).into_iter().flatten().map(ToValue::to_value).collect(),
            Lead::Sold => filter.variants.iter().map(ToValue::to_value).collect(),
            Lead::Sort
            | Lead::Gathered(_)
            | Lead::Escalated
            | Lead::Held
            | Lead::Unplaced
            | Lead::Archived
            | Lead::Days
            | Lead::Amounts
            | Lead::FacetRange(_)
            | Lead::Beside => vec![Value::Null],
        };
        let from = match lead {
            // Both engines read the tables in this order.
            Lead::Facet(_) | Lead::FacetRange(_) => "order_facets f cross join orders o",
            Lead::Sold => "order_lines l cross join orders o",
            Lead::Escalated => "escalations e cross join orders o",
            _ => "orders o",
        };
        // Sorted by anything that holds archived orders apart, both halves are read in order and merged.
        let halves: &[Archived] = match (filter.archived, lead) {
            (Archived::Any, Lead::Field(Field::Customer) | Lead::Sold | Lead::Escalated) => &[Archived::Any],
            (Archived::Any, Lead::Sort | Lead::Days) if matches!(self.key(), "created_at" | "seq") => &[Archived::Any],
            (Archived::Any, _) => &[Archived::No, Archived::Only],
            (Archived::No, _) => &[Archived::No],
            (Archived::Only, _) => &[Archived::Only],
        };
        for half in halves {
            for value in &values {
                let conditions = self.conditions(filter, lead, value, *half, after) + more;
                self.arms.push(Arm { from, conditions, rank, lead });
            }
        }
    }

    fn conditions(&mut self, filter: &OrderFilter, lead: Lead, value: &Value, half: Archived, after: Option<Place>) -> String {
        let mut sql = String::from("o.org_id = $1");
        if let Lead::Facet(place) | Lead::FacetRange(place) = lead {
            self.led(&mut sql, filter, place, value);
        }
        match lead {
            Lead::Sold => self.sold(&mut sql, filter, value),
            Lead::Escalated => sql.push_str(" and o.id = e.order_id and e.org_id = $1 and e.resolved_at is null"),
            _ => {}
        }
        // A customer's index holds both kinds; two other indexes begin with this column and must not tempt.
        let column = match lead {
            Lead::Field(Field::Customer) | Lead::FacetRange(_) | Lead::Sold | Lead::Escalated => {
                dialect::beside_index(self.engine, "o.is_archived", "0")
            }
            Lead::Facet(_) => "f.is_archived".to_owned(),
            _ => "o.is_archived".to_owned(),
        };
        match half {
            Archived::No => sql.push_str(&format!(" and {column} = 0")),
            Archived::Only => sql.push_str(&format!(" and {column} = 1")),
            Archived::Any => {}
        }
        if let Lead::Field(field) = lead {
            match value {
                Value::Null => sql.push_str(&format!(" and o.{} is null", field.column())),
                value => {
                    let marker = self.bind(value.clone());
                    sql.push_str(&format!(" and o.{} = {marker}", field.column()));
                }
            }
            if field == Field::Priority {
                // The words of the index' own condition.
                sql.push_str(" and o.priority <> 'normal'");
            }
        }
        if let Lead::Gathered(field) = lead {
            let first = self.params.len() + 1;
            self.params.extend(field.values(filter));
            let markers = dialect::markers(first, self.params.len() + 1 - first);
            sql.push_str(&format!(" and o.{} in ({markers})", field.column()));
            if field == Field::Priority {
                sql.push_str(" and o.priority <> 'normal'");
            }
        }
        sql.push_str(&self.tests(filter, lead));
        if let Some(after) = after {
            sql.push_str(&self.beyond(lead, after));
        }
        sql
    }

    /// What a filter asks besides its groups, what leads, and whether orders are archived.
    fn tests(&mut self, filter: &OrderFilter, lead: Lead) -> String {
        let mut sql = String::new();
        self.ranges(&mut sql, filter, lead);
        for field in FIELDS.into_iter().filter(|field| lead != Lead::Field(*field) && lead != Lead::Gathered(*field)) {
            self.checked(&mut sql, field, filter);
        }
        if let Some(currency) = filter.currency {
            let column = dialect::beside_index(self.engine, "o.currency", "''");
            let marker = self.bind(currency.to_value());
            sql.push_str(&format!(" and {column} = {marker}"));
        }
        if let Some(day) = filter.placed_on {
            let marker = self.bind(day.to_value());
            sql.push_str(&format!(" and o.placed_day = {marker}"));
        }
        // In the words of the indexes' own conditions.
        if let Some(is_held) = filter.is_held {
            sql.push_str(if is_held { " and o.hold_count > 0" } else { " and o.hold_count = 0" });
        }
        for (place, test) in filter.facets.iter().enumerate() {
            if !matches!(lead, Lead::Facet(one) | Lead::FacetRange(one) if one == place) {
                self.borne(&mut sql, test);
            }
        }
        if !filter.hold_kinds.is_empty() {
            let first = self.params.len() + 1;
            self.params.extend(filter.hold_kinds.iter().map(ToValue::to_value));
            let kinds = dialect::markers(first, filter.hold_kinds.len());
            sql.push_str(&format!(
                " and exists (select 1 from order_holds h where h.org_id = o.org_id and h.order_id = o.id and h.released_at is null and h.kind in ({kinds}))"
            ));
        }
        if !filter.variants.is_empty() && lead != Lead::Sold {
            let markers = dialect::markers(self.params.len() + 1, filter.variants.len());
            self.params.extend(filter.variants.iter().map(ToValue::to_value));
            sql.push_str(&format!(
                " and exists (select 1 from order_lines l where l.org_id = o.org_id and l.order_id = o.id and l.variant_id in ({markers}))"
            ));
        }
        if let Some(is_escalated) = filter.is_escalated
            && lead != Lead::Escalated
        {
            let not = if is_escalated { "" } else { "not " };
            sql.push_str(&format!(
                " and {not}exists (select 1 from escalations e where e.org_id = o.org_id and e.order_id = o.id and e.resolved_at is null)"
            ));
        }
        if let Some(is_known) = filter.place_known {
            sql.push_str(if is_known { " and o.place_known = 1" } else { " and o.place_known = 0" });
        }
        sql
    }

    /// The condition that a row comes after a place.
    fn beyond(&mut self, lead: Lead, after: Place) -> String {
        let key = self.bind(Value::Int(after.key));
        let id = self.bind(after.id.to_value());
        let (sorted, row) = (self.sorted(lead), Self::id(lead));
        let sign = |is_descending: bool| if is_descending { "<" } else { ">" };
        let (first, last) = (sign(self.sort.is_descending), sign(self.sort.is_last_descending()));
        let Some((second, _)) = self.second() else { return format!(" and ({sorted}, {row}) {first} ({key}, {id})") };
        let then = self.bind(Value::Int(after.then));
        // The first key alone, too, so that its index begins there.
        format!(" and {sorted} {first}= {key} and ({sorted} {first} {key} or {second} {last} {then} or {second} = {then} and {row} {last} {id})")
    }

    /// The rows of the index of tags and fields that lead: those of one value, or of a range.
    fn led(&mut self, sql: &mut String, filter: &OrderFilter, place: usize, value: &Value) {
        let Some(test) = filter.facets.get(place) else { return };
        let field = self.bind(Value::Int(test.field));
        sql.push_str(&format!(" and o.id = f.order_id and f.org_id = $1 and f.field = {field}"));
        match &test.how {
            FacetHow::Any(values) => {
                let marker = self.bind(value.clone());
                sql.push_str(&format!(" and f.value = {marker}"));
                // An order with several of the values stands in the arm of the first.
                let before: Vec<Value> = values.iter().map(ToValue::to_value).take_while(|one| one != value).collect();
                if !before.is_empty() {
                    let first = self.params.len() + 1;
                    let markers = dialect::markers(first, before.len());
                    self.params.extend(before);
                    sql.push_str(&format!(
                        " and not exists (select 1 from order_facets y where y.org_id = $1 and y.order_id = f.order_id and y.field = {field} \
                         and y.value in ({markers}))"
                    ));
                }
            }
            FacetHow::Range { from, to } => {
                sql.push_str(" and f.number is not null");
                for (bound, than) in [(from, ">="), (to, "<=")] {
                    if let Some(bound) = bound {
                        let marker = self.bind(Value::Int(*bound));
                        sql.push_str(&format!(" and f.number {than} {marker}"));
                    }
                }
            }
            FacetHow::None(_) => {}
        }
    }

    /// The lines that lead: those of one variant.
    fn sold(&mut self, sql: &mut String, filter: &OrderFilter, value: &Value) {
        let variant = self.bind(value.clone());
        sql.push_str(&format!(" and o.id = l.order_id and l.org_id = $1 and l.variant_id = {variant}"));
        // An order stands once: in the arm of the first variant that it has, by the first line of it.
        let column = dialect::beside_index(self.engine, "y.variant_id", "0");
        let before: Vec<Value> = filter.variants.iter().map(ToValue::to_value).take_while(|one| one != value).collect();
        let earlier = if before.is_empty() {
            String::new()
        } else {
            let markers = dialect::markers(self.params.len() + 1, before.len());
            self.params.extend(before);
            format!("{column} in ({markers}) or ")
        };
        sql.push_str(&format!(
            " and not exists (select 1 from order_lines y where y.org_id = $1 and y.order_id = l.order_id \
             and ({earlier}{column} = {variant} and y.id < l.id))"
        ));
    }

    /// A test of tags or fields that does not lead.
    fn borne(&mut self, sql: &mut String, test: &FacetTest) {
        if matches!(&test.how, FacetHow::Any(values) if values.is_empty()) {
            sql.push_str(" and 1 = 0");
            return;
        }
        let field = self.bind(Value::Int(test.field));
        let (not, condition) = match &test.how {
            FacetHow::Any(values) | FacetHow::None(values) => {
                let first = self.params.len() + 1;
                self.params.extend(values.iter().map(ToValue::to_value));
                let not = if matches!(test.how, FacetHow::None(_)) { "not " } else { "" };
                (not, format!(" and x.value in ({})", dialect::markers(first, values.len())))
            }
            FacetHow::Range { from, to } => {
                let mut condition = " and x.number is not null".to_owned();
                for (bound, than) in [(from, ">="), (to, "<=")] {
                    if let Some(bound) = bound {
                        let marker = self.bind(Value::Int(*bound));
                        condition.push_str(&format!(" and x.number {than} {marker}"));
                    }
                }
                ("", condition)
            }
        };
        sql.push_str(&format!(
            " and {not}exists (select 1 from order_facets x where x.org_id = $1 and x.order_id = o.id and x.field = {field}{condition})"
        ));
    }

    /// A filter that does not lead.
    fn checked(&mut self, sql: &mut String, field: Field, filter: &OrderFilter) {
        let values = field.values(filter);
        if values.is_empty() {
            return;
        }
        let column = field.beside(self.engine);
        let may_be_empty = values.contains(&Value::Null);
        let first = self.params.len() + 1;
        self.params.extend(values.into_iter().filter(|value| *value != Value::Null));
        let markers = dialect::markers(first, self.params.len() + 1 - first);
        match (may_be_empty, markers.is_empty()) {
            (false, _) => sql.push_str(&format!(" and {column} in ({markers})")),
            (true, true) => sql.push_str(&format!(" and coalesce(o.{}, 0) = 0", field.column())),
            (true, false) => sql.push_str(&format!(" and coalesce(o.{}, 0) in (0, {markers})", field.column())),
        }
    }

    /// Days and amounts: served by the lead's index where it is sorted by them, else checked.
    fn ranges(&mut self, sql: &mut String, filter: &OrderFilter, lead: Lead) {
        let days = match lead {
            Lead::Facet(_) => "f.created_at",
            Lead::Sold => "l.placed_at",
            Lead::Days | Lead::Held | Lead::Unplaced | Lead::Archived | Lead::Field(_) => "o.created_at",
            Lead::Sort if self.key() == "created_at" => "o.created_at",
            Lead::Sort | Lead::Gathered(_) | Lead::Escalated | Lead::Amounts | Lead::FacetRange(_) | Lead::Beside => {
                &dialect::beside_index(self.engine, "o.created_at", "0")
            }
        };
        let amounts = match lead {
            Lead::Amounts => "o.total",
            Lead::Sort if self.key() == "total" => "o.total",
            _ => &dialect::beside_index(self.engine, "o.total", "0"),
        };
        for (bound, column, than) in [
            (filter.placed_from.map(|at| at.to_value()), days, ">="),
            (filter.placed_until.map(|at| at.to_value()), days, "<"),
            (filter.total_from.map(|total| total.to_value()), amounts, ">="),
            (filter.total_to.map(|total| total.to_value()), amounts, "<="),
        ] {
            if let Some(bound) = bound {
                let marker = self.bind(bound);
                sql.push_str(&format!(" and {column} {than} {marker}"));
            }
        }
    }

    /// The rows of a page: `skip` of them left out, `limit` of them answered.
    pub(crate) fn rows(mut self, skip: u32, limit: u32) -> (String, Vec<Value>) {
        let key = self.key();
        if let [arm] = self.arms.as_slice() {
            let conditions = arm.conditions.clone();
            let limit = self.bind(Value::Int(i64::from(limit)));
            let offset = if skip == 0 { String::new() } else { format!(" offset {}", self.bind(Value::Int(i64::from(skip)))) };
            let order = self.order(self.arms[0].lead);
            let from = self.arms[0].from;
            return (format!("select {ROW} from {from} where {conditions} order by {order} limit {limit}{offset}"), self.params);
        }
        let most = self.bind(Value::Int(i64::from(skip + limit)));
        // Among equals an arm's rows are told apart by the second key, if there is one.
        let second = self.second();
        let (then, column) = second.map_or(("", String::new()), |(column, _)| (", u.s", format!(", {column} as s")));
        let then_of = |place: usize| if second.is_some() { format!(", a{place}.s") } else { String::new() };
        let arms = self.arms.iter().enumerate().map(|(place, arm)| {
            format!(
                "select a{place}.id, a{place}.k{}, a{place}.r from (select o.id, o.{key} as k{column}, {} as r from {} where {} order by {} limit {most}) \
                 a{place}",
                then_of(place),
                arm.rank,
                arm.from,
                arm.conditions,
                self.order(arm.lead)
            )
        });
        let union = arms.collect::<Vec<_>>().join(" union all ");
        let limit = self.bind(Value::Int(i64::from(limit)));
        let offset = self.bind(Value::Int(i64::from(skip)));
        let order = |of: &str| {
            let then = second.map(|(_, way)| format!(", {of}.s{way}")).unwrap_or_default();
            format!("{of}.r desc, {of}.k{}{then}, {of}.id{}", way(self.sort.is_descending), way(self.sort.is_last_descending()))
        };
        let sql = format!(
            "select {ROW}
               from (select u.id, u.k{then}, u.r from ({union}) u order by {} limit {limit} offset {offset}) p
               join orders o on o.org_id = $1 and o.id = p.id
              order by {}",
            order("u"),
            order("p")
        );
        (sql, self.params)
    }

    /// How many there are, each arm counted to `most`.
    pub(crate) fn count(mut self, most: i64) -> (String, Vec<Value>) {
        let most = self.bind(Value::Int(most));
        let arms =
            self.arms.iter().enumerate().map(|(place, arm)| {
                format!("(select count(*) from (select 1 as one from {} where {} limit {most}) a{place})", arm.from, arm.conditions)
            });
        let sum = arms.collect::<Vec<_>>().join(" + ");
        (format!("select {sum} as found"), self.params)
    }

    /// Whether there is nothing to ask.
    pub(crate) fn is_empty(&self) -> bool {
        self.arms.is_empty()
    }
}

/// The filter as conditions on `o`, for rows that something else has found, so that no index is tempting; binds after
/// `params`.
pub(crate) fn matching(filter: &OrderFilter, engine: Engine, params: Vec<Value>) -> (String, Vec<Value>) {
    let mut plan = Plan { arms: Vec::new(), sort: Sort::default(), engine, params };
    let mut conditions = plan.conditions(filter, Lead::Beside, &Value::Null, Archived::Any, None) + &plan.any_of_groups(filter);
    let column = dialect::beside_index(engine, "o.is_archived", "0");
    match filter.archived {
        Archived::No => conditions.push_str(&format!(" and {column} = 0")),
        Archived::Only => conditions.push_str(&format!(" and {column} = 1")),
        Archived::Any => {}
    }
    (conditions, plan.params)
}

/// The rows of these orders that pass the filter, in no order.
pub(crate) fn of_ids(filter: &OrderFilter, ids: &[OrderId], engine: Engine, org: Value) -> (String, Vec<Value>) {
    let (conditions, mut params) = matching(filter, engine, vec![org]);
    let first = params.len() + 1;
    params.extend(ids.iter().map(ToValue::to_value));
    (format!("select {ROW} from orders o where {conditions} and o.id in ({})", dialect::markers(first, ids.len())), params)
}

/// The filter with nothing but what this lead asks: how many rows following it means to read.
pub(crate) fn alone(filter: &OrderFilter, lead: Lead) -> OrderFilter {
    let mut alone = OrderFilter { archived: filter.archived, ..OrderFilter::default() };
    match lead {
        Lead::Sort | Lead::Archived | Lead::Beside => {}
        Lead::Sold => {
            (alone.placed_from, alone.placed_until) = (filter.placed_from, filter.placed_until);
            alone.variants = filter.variants.clone();
        }
        Lead::Escalated => alone.is_escalated = Some(true),
        Lead::Held => alone.is_held = Some(true),
        Lead::Unplaced => alone.place_known = Some(false),
        Lead::Days => (alone.placed_from, alone.placed_until) = (filter.placed_from, filter.placed_until),
        Lead::Amounts => (alone.total_from, alone.total_to) = (filter.total_from, filter.total_to),
        Lead::Facet(place) | Lead::FacetRange(place) => {
            (alone.placed_from, alone.placed_until) = (filter.placed_from, filter.placed_until);
            alone.facets = filter.facets.get(place).cloned().into_iter().collect();
        }
        Lead::Field(field) | Lead::Gathered(field) => {
            // The index of a filter narrows by day, too.
            (alone.placed_from, alone.placed_until) = (filter.placed_from, filter.placed_until);
            match field {
                Field::Customer => alone.customer = filter.customer,
                Field::Agent => alone.assigned = filter.assigned.clone(),
                Field::State => alone.states = filter.states.clone(),
                Field::Shipping => alone.shipping_states = filter.shipping_states.clone(),
                Field::Confirmation => alone.confirmations = filter.confirmations.clone(),
                Field::Payment => alone.payment_states = filter.payment_states.clone(),
                Field::Priority => alone.priorities = filter.priorities.clone(),
                Field::City => alone.cities = filter.cities.clone(),
                Field::Province => alone.provinces = filter.provinces.clone(),
                Field::Method => alone.payment_methods = filter.payment_methods.clone(),
                Field::Channel => alone.channels = filter.channels.clone(),
                Field::Store => alone.stores = filter.stores.clone(),
                Field::Substatus => alone.substatuses = filter.substatuses.clone(),
            }
        }
    }
    alone
}
