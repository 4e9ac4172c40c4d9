//! No list of the supported kinds reads the whole table, on either engine.

use db::Value;
use fields::{FacetHow, FacetTest};
use kernel::value::ToValue;
use kernel::{Channel, Confirmation, CustomerId, PaymentMethod, PaymentState, Priority, ShippingState, VariantId};

use super::*;
use crate::store::plan;
use crate::store::plan::{Field, Lead};
use crate::{Archived, Assigned, OrderFilter, Sort, SortKey};

/// Many orders out of one, spread as a shop's are: most delivered, the rest in every other state.
fn grow(shop: &Shop, orders: i64) {
    let columns = "store_id, number, channel, customer_id, contact_name, contact_phone, country, place_known, shipping_state, payment_state, \
                   hold_count, payment_method, currency, subtotal, discount, shipping_fee, cod_fee, tax, tax_mode, tax_rate_ppm, to_collect, line_count, \
                   item_count, backordered_count, note_count, summary, tags, custom, search, is_test, placed_day, is_archived, recorded_at, updated_at, \
                   version, province_key";
    let sql = format!(
        "with recursive n (i) as (select cast(1 as bigint) union all select i + 1 from n where i < $2)
         insert into orders (org_id, id, seq, created_at, moved_at, total, state, confirmation, agent_id, priority, {columns})
         select o.org_id, o.id + n.i, o.seq + n.i, o.created_at + n.i * 60000000, o.moved_at + n.i * 60000000, o.total + (n.i % 997) * 100,
                case when n.i % 20 = 0 then 'PENDING' when n.i % 31 = 0 then 'SHIPPED' else 'DELIVERED' end,
                case when n.i % 20 = 0 then 'pending' else 'confirmed' end,
                n.i % 40, case when n.i % 200 = 0 then 'urgent' else 'normal' end, {columns}
           from orders o
           join n on n.i > 0
          where o.org_id = $1"
    );
    shop.write(&shop.system(), move |tx, _| tx.execute(&sql, params![tx.org(), orders]).map(drop));
}

fn filters() -> Vec<(&'static str, OrderFilter)> {
    let all = OrderFilter::default;
    vec![
        ("all", all()),
        ("archived", OrderFilter { archived: Archived::Only, ..all() }),
        ("any", OrderFilter { archived: Archived::Any, ..all() }),
        ("store", OrderFilter { stores: vec![StoreId::from_i64(3)], ..all() }),
        ("two stores", OrderFilter { stores: vec![StoreId::from_i64(3), StoreId::from_i64(4)], ..all() }),
        ("state", OrderFilter { states: vec![OrderState::Pending], ..all() }),
        ("closed state", OrderFilter { states: vec![OrderState::Delivered], ..all() }),
        ("states", OrderFilter { states: ALL_OPEN.to_vec(), ..all() }),
        ("substatus", OrderFilter { substatuses: vec!["no_answer".into()], ..all() }),
        ("two substatuses", OrderFilter { substatuses: vec!["no_answer".into(), "call_back".into()], ..all() }),
        ("currency", OrderFilter { currency: Some(Currency::DZD), total_from: Some(Amount(1)), ..all() }),
        ("shipping", OrderFilter { shipping_states: vec![ShippingState::AtOffice], ..all() }),
        ("payment", OrderFilter { payment_states: vec![PaymentState::Paid], ..all() }),
        ("confirmation", OrderFilter { confirmations: vec![Confirmation::Attempting], ..all() }),
        ("channel", OrderFilter { channels: vec![Channel::Tiktok], ..all() }),
        ("priority", OrderFilter { priorities: vec![Priority::Urgent], ..all() }),
        ("province", OrderFilter { provinces: vec!["DZ:31".into()], ..all() }),
        ("customer", OrderFilter { customer: Some(CustomerId::from_i64(9)), ..all() }),
        ("agent", OrderFilter { assigned: vec![Assigned::To(UserId::from_i64(9))], ..all() }),
        ("own and free", OrderFilter { assigned: vec![Assigned::Free, Assigned::To(UserId::from_i64(9))], ..all() }),
        ("days", OrderFilter { placed_from: Some(NOW), placed_until: Some(NOW.plus_s(86_400)), ..all() }),
        ("amounts", OrderFilter { total_from: Some(Amount(1)), total_to: Some(Amount(2)), ..all() }),
        ("city", OrderFilter { cities: vec!["Bir El Djir".into()], ..all() }),
        ("method", OrderFilter { payment_methods: vec![PaymentMethod::Card], ..all() }),
        ("two methods", OrderFilter { payment_methods: vec![PaymentMethod::Card, PaymentMethod::Wallet], ..all() }),
        ("sku", OrderFilter { variants: vec![VariantId::from_i64(5)], ..all() }),
        ("two skus", OrderFilter { variants: vec![VariantId::from_i64(5), VariantId::from_i64(6)], ..all() }),
        ("sku of any time", OrderFilter { variants: vec![VariantId::from_i64(5)], archived: Archived::Any, ..all() }),
        ("sku and state", OrderFilter { variants: vec![VariantId::from_i64(5)], states: vec![OrderState::Delivered], ..all() }),
        ("escalated", OrderFilter { is_escalated: Some(true), ..all() }),
        ("many provinces", OrderFilter { provinces: (1..=20).map(|one| format!("DZ:{one:02}")).collect(), ..all() }),
        ("held", OrderFilter { is_held: Some(true), ..all() }),
        ("unplaced", OrderFilter { place_known: Some(false), ..all() }),
        ("a tag", OrderFilter { facets: vec![bears(&["tag_1"])], ..all() }),
        ("one of some tags", OrderFilter { facets: vec![bears(&["tag_1", "tag_2", "tag_3"])], ..all() }),
        ("a tag and another", OrderFilter { facets: vec![bears(&["tag_1"]), bears(&["tag_2"])], ..all() }),
        ("no tag", OrderFilter { facets: vec![FacetTest { field: 0, how: FacetHow::None(vec!["tag_1".into()]) }], ..all() }),
        ("a tag and a state", OrderFilter { facets: vec![bears(&["tag_1"])], states: vec![OrderState::Delivered], ..all() }),
        ("a range", OrderFilter { facets: vec![FacetTest { field: 7, how: FacetHow::Range { from: Some(1), to: Some(9) } }], ..all() }),
        ("state and province", OrderFilter { states: vec![OrderState::Delivered], provinces: vec!["DZ:31".into()], ..all() }),
    ]
}

fn bears(tags: &[&str]) -> FacetTest {
    FacetTest { field: 0, how: FacetHow::Any(tags.iter().map(|tag| (*tag).to_owned()).collect()) }
}

fn explained(shop: &Shop, sql: String, params: Vec<Value>) -> String {
    let explain = match shop.db.engine() {
        Engine::Sqlite => format!("explain query plan {sql}"),
        Engine::Postgres => format!("explain (costs off) {sql}"),
    };
    let engine = shop.db.engine();
    let lines: Vec<String> = shop.read(&shop.system(), move |tx, _| match engine {
        Engine::Sqlite => {
            let rows: Vec<(i64, i64, i64, String)> = tx.rows(&explain, params.clone())?;
            Ok(rows.into_iter().map(|(_, _, _, text)| text).collect())
        }
        Engine::Postgres => {
            let rows: Vec<(String,)> = tx.rows(&explain, params.clone())?;
            Ok(rows.into_iter().map(|(text,)| text).collect())
        }
    });
    lines.join("\n")
}

/// The index that a lead stands for.
fn index_of(lead: Lead, key: SortKey) -> &'static str {
    match (lead, key) {
        (Lead::Field(field), _) => match field {
            Field::Customer => "orders_customer",
            Field::Agent => "orders_agent",
            Field::State => "orders_state",
            Field::Shipping => "orders_shipping",
            Field::Confirmation => "orders_confirmation",
            Field::Payment => "orders_payment",
            Field::Priority => "orders_priority",
            Field::City => "orders_city",
            Field::Method => "orders_method",
            Field::Province => "orders_province",
            Field::Channel => "orders_channel",
            Field::Store => "orders_store",
            Field::Substatus => "orders_substatus",
        },
        (Lead::Gathered(field), key) => index_of(Lead::Field(field), key),
        (Lead::Sold, _) => "order_lines_variant",
        (Lead::Escalated, _) => "escalations_",
        (Lead::Held, _) => "orders_held",
        (Lead::Unplaced, _) => "orders_unplaced",
        (Lead::Archived, _) => "orders_archived",
        (Lead::Facet(_), _) => "order_facets_value",
        (Lead::FacetRange(_), _) => "order_facets_number",
        (Lead::Amounts, _) | (Lead::Sort, SortKey::Total) => "orders_total",
        (Lead::Days, _) | (Lead::Sort, SortKey::CreatedAt | SortKey::Priority) => "orders_recent",
        (Lead::Beside, _) => "",
        (Lead::Sort, SortKey::MovedAt) => "orders_moved",
        (Lead::Sort, SortKey::Number) => "orders_seq",
    }
}

#[test]
fn orders_known_by_their_ids_are_read_by_their_ids() {
    let shop = Shop::on(Engine::Sqlite);
    for (name, filter) in filters() {
        for count in [1, 2, 3, 20, 500] {
            let ids: Vec<kernel::OrderId> = (0..count).map(kernel::OrderId::from_i64).collect();
            let (sql, params) = plan::of_ids(&filter, &ids, shop.db.engine(), shop.org.to_value());
            let text = explained(&shop, sql.clone(), params);
            let orders = text.lines().find(|line| line.contains(" o ")).unwrap_or_default();
            assert!(orders.contains("sqlite_autoindex_orders_1 (org_id=? AND id=?)"), "{name}, {count} ids: {text}\n{sql}");
        }
    }
}

#[test]
fn sqlite_reads_lists_through_indexes() {
    let shop = Shop::on(Engine::Sqlite);
    for (name, filter) in filters() {
        for key in SortKey::ALL {
            let sort = Sort::by(*key, true);
            let mut leads = plan::leads(&filter, sort);
            leads.push(Lead::Sort);
            for lead in leads {
                let (sql, params) = plan::plan(&filter, sort, lead, None, shop.db.engine(), shop.org.to_value()).rows(0, 50);
                let text = explained(&shop, sql.clone(), params);
                let what = format!("{name} {sort} {lead:?}: {text}\n{sql}");
                assert!(!text.contains("SCAN o"), "{what}");
                // What is archived, held or unplaced may be found by its own index, which is shorter than the sort's.
                let is_led = text.contains(index_of(lead, *key))
                    || filter.archived == Archived::Only && text.contains("orders_archived")
                    || *key == SortKey::Priority && text.contains("orders_priority")
                    || text.contains(&format!("orders_{name}"));
                assert!(is_led, "{what}");
                let is_merged = text.contains("UNION") || text.contains("COMPOUND");
                let is_sorted = match lead {
                    Lead::Sort => true,
                    Lead::Amounts => *key == SortKey::Total,
                    Lead::FacetRange(_) | Lead::Gathered(_) | Lead::Escalated => false,
                    _ => matches!(key, SortKey::CreatedAt | SortKey::Priority),
                };
                assert!(!is_sorted || is_merged || !text.contains("TEMP B-TREE"), "{what}");

                let (sql, params) = plan::plan(&filter, Sort::default(), lead, None, shop.db.engine(), shop.org.to_value()).count(10_001);
                let text = explained(&shop, sql.clone(), params);
                let what = format!("count {name} {lead:?}: {text}\n{sql}");
                assert!(!text.contains("SCAN o"), "{what}");
                let is_alone = plan::leads(&filter, Sort::default()).len() == 1 && matches!(lead, Lead::Field(_));
                assert!(!is_alone || text.contains("COVERING INDEX") || lead == Lead::Field(Field::Priority), "{what}");
            }
        }
    }
}

#[test]
fn each_group_of_alternatives_is_read_by_its_own_index() {
    let shop = Shop::on(Engine::Sqlite);
    let walked = ["all", "any", "archived", "no tag", "currency", "days"];
    let groups: Vec<(&str, OrderFilter)> =
        filters().into_iter().filter(|(name, filter)| !walked.contains(name) && filter.archived == Archived::No).collect();
    for sort in [Sort::default(), Sort::by(SortKey::Total, false), Sort::by(SortKey::MovedAt, true).then(SortKey::Total, false)] {
        for pair in groups.windows(2) {
            let any: Vec<OrderFilter> = pair.iter().map(|(_, filter)| filter.clone()).collect();
            let filter = OrderFilter { states: vec![OrderState::Delivered], any, ..OrderFilter::default() };
            let leads: Vec<Lead> = filter.any.iter().filter_map(|group| plan::leads(group, sort).first().copied()).collect();
            let what = format!("{} or {} {sort}", pair[0].0, pair[1].0);
            assert!(leads.len() == 2 || what.contains("amounts") && sort.key == SortKey::Total, "{what}");
            if leads.len() < 2 {
                continue;
            }
            let plan = || plan::plan(&filter, sort, plan::Way::Each(leads.clone()), None, shop.db.engine(), shop.org.to_value());
            for (sql, params) in [plan().rows(0, 50), plan().count(10_001)] {
                let text = explained(&shop, sql.clone(), params);
                assert!(!text.contains("SCAN o"), "{what}: {text}\n{sql}");
                for lead in &leads {
                    assert!(text.contains(index_of(*lead, sort.key)), "{what} {lead:?}: {text}\n{sql}");
                }
            }
        }
    }
}

#[test]
fn the_index_of_the_first_key_leads_and_the_second_is_sorted_within() {
    let shop = Shop::on(Engine::Sqlite);
    for first in SortKey::ALL.iter().filter(|first| **first != SortKey::Priority) {
        for second in SortKey::ALL.iter().filter(|second| *second != first) {
            let sort = Sort::by(*first, true).then(*second, false);
            let (sql, params) = plan::plan(&OrderFilter::default(), sort, Lead::Sort, None, shop.db.engine(), shop.org.to_value()).rows(0, 50);
            let text = explained(&shop, sql.clone(), params);
            assert!(text.contains(index_of(Lead::Sort, *first)) && !text.contains("SCAN o"), "{sort}: {text}\n{sql}");
            assert!(!text.contains("B-TREE FOR ORDER BY"), "{sort} is sorted as a whole: {text}\n{sql}");
        }
    }
}

#[test]
fn each_filter_alone_has_an_index_that_leads() {
    let shop = Shop::on(Engine::Sqlite);
    // What nearly all orders have, and what is not asked of a value, is found on the way through the newest.
    let walked = ["all", "any", "no tag", "currency"];
    for (name, filter) in filters() {
        let leads = plan::leads(&filter, Sort::default());
        assert!(!leads.is_empty() || walked.contains(&name) || name == "days", "{name}");
        if let [lead] = leads[..] {
            let (sql, params) = plan::plan(&filter, Sort::default(), lead, None, shop.db.engine(), shop.org.to_value()).rows(0, 50);
            let text = explained(&shop, sql.clone(), params);
            assert!(text.contains(index_of(lead, SortKey::CreatedAt)) && !text.contains("orders_recent"), "{name}: {text}\n{sql}");
        }
    }
}

#[test]
fn postgres_reads_lists_through_indexes() {
    let shop = Shop::on(Engine::Postgres);
    shop.place(&shop.system(), &shop.new_order());
    grow(&shop, 30_000);
    shop.write(&shop.system(), |tx, _| tx.execute("analyze orders", params![]).map(drop));
    for (name, filter) in filters() {
        for key in SortKey::ALL {
            let sort = Sort::by(*key, true);
            let asked = filter.clone();
            let lead = shop.read(&shop.system(), move |tx, _| crate::store::list::choose(tx, &asked, sort));
            let (sql, params) = plan::plan(&filter, sort, lead.clone(), None, shop.db.engine(), shop.org.to_value()).rows(0, 50);
            let text = explained(&shop, sql.clone(), params);
            assert!(!text.contains("Seq Scan on orders"), "{name} {sort} {lead:?}: {text}\n{sql}");
        }
    }
    let ctx = shop.system();
    let search = |text: &str| crate::Search { text: text.to_owned(), ..crate::Search::default() };
    let hit = search("benali");
    assert_eq!(shop.read(&ctx, move |tx, ctx| crate::search(tx, ctx, &hit)).items.len(), 50);
}

#[test]
fn a_miss_offers_to_look_farther() {
    let shop = Shop::on(Engine::Sqlite);
    let first = shop.place(&shop.system(), &shop.new_order());
    grow(&shop, 200_500);
    shop.write(&shop.system(), |tx, _| tx.execute("update orders set search = 'x' where org_id = $1 and seq > 1", params![tx.org()]).map(drop));
    let search = |older: Option<String>| {
        // A name in the middle is found by the document alone.
        shop.read(&shop.system(), move |tx, ctx| {
            crate::search(tx, ctx, &crate::Search { text: "enali".into(), older: older.clone(), ..Default::default() })
        })
    };
    let newest = search(None);
    assert!(newest.items.is_empty());
    let older = newest.older.expect("there are more");
    let rest = search(Some(older));
    assert_eq!(rest.items.iter().map(|row| row.id).collect::<Vec<_>>(), [first.id]);
    assert_eq!(rest.older, None);
}

#[test]
fn the_migrations_run_on_both_engines_and_a_distributed_one() {
    assert_eq!(db::lint_migrations(MIGRATIONS), Vec::<String>::new());
}
