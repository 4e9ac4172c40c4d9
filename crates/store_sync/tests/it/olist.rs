//! A folder of tables.

use store_sync::Preset;

use crate::world::{World, on_both};

/// Six orders in six states; one was handed over before its approval, one has no items, one no approval.
fn folder(world: &World) -> std::path::PathBuf {
    let orders = "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
o-delivered,c1,delivered,2017-06-01 10:00:00,2017-06-01 10:20:00,2017-06-02 15:00:00,2017-06-07 19:30:00,2017-06-20 00:00:00
o-early,c2,delivered,2017-06-01 11:00:00,2017-06-03 09:00:00,2017-06-02 15:00:00,2017-06-09 19:30:00,2017-06-08 00:00:00
o-unapproved,c1,delivered,2017-06-02 10:00:00,,2017-06-03 15:00:00,2017-06-07 19:30:00,2017-06-20 00:00:00
o-invoiced,c3,invoiced,2017-06-02 11:00:00,2017-06-02 11:10:00,,,2017-06-20 00:00:00
o-unavailable,c4,unavailable,2017-11-02 11:00:00,2017-11-02 11:10:00,,,2017-11-20 00:00:00
o-canceled,c4,canceled,2017-06-02 12:00:00,,,,2017-06-20 00:00:00
";
    let items = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
o-delivered,2,prod-lamp-1,s1,2017-06-10 00:00:00,19.9,8.72
o-delivered,1,prod-lamp-1,s1,2017-06-10 00:00:00,19.9,8.72
o-early,1,prod-chair,s2,2017-06-10 00:00:00,199,18.14
o-unapproved,1,prod-chair,s2,2017-06-10 00:00:00,199,18.14
o-invoiced,1,prod-chair,s2,2017-06-10 00:00:00,199,18.14
o-canceled,1,prod-lamp-1,s1,2017-06-10 00:00:00,19.9,8.72
";
    let payments = "order_id,payment_sequential,payment_type,payment_installments,payment_value
o-delivered,1,voucher,1,10
o-delivered,2,credit_card,3,47.24
o-early,1,boleto,1,217.14
o-unapproved,1,debit_card,1,200
o-invoiced,1,credit_card,1,217.14
o-invoiced,2,voucher,1,0.0
o-unavailable,1,credit_card,1,64.4
o-canceled,1,credit_card,1,28.62
";
    let customers = "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state
c1,person-0001,01310,sao paulo,SP
c2,person-0002,22041,rio de janeiro,RJ
c3,person-0001,01310,sao paulo,SP
c4,person-0003,70040,brasilia,DF
";
    world.file("olist/olist_orders_dataset.csv", orders);
    world.file("olist/olist_order_items_dataset.csv.zst", zstd::encode_all(items.as_bytes(), 1).unwrap());
    world.file("olist/olist_order_payments_dataset.csv", payments);
    world.file("olist/olist_products_dataset.csv", "product_id,product_category_name\nprod-lamp-1,iluminacao\nprod-chair,\n");
    world.file("olist/product_category_name_translation.csv", "product_category_name,product_category_name_english\niluminacao,home_lighting\n");
    world.file("olist/olist_customers_dataset.csv", customers).parent().unwrap().to_owned()
}

#[tokio::test]
async fn orders_are_replayed_with_the_clocks_of_their_events() {
    on_both(|world| async move {
        let path = folder(&world);
        let done = world.import(&path, Preset::Olist, |_| {}).await.unwrap().summary;
        assert_eq!((done.orders_created, done.lines, done.rejected), (6, 6, 0));
        assert_eq!(done.sales_total_minor.0, 5_724 + 3 * 21_714 + 6_440 + 2_862);

        let orders = world
            .texts(
                "select o.external_ref || ' ' || o.state || ' ' || o.total || ' ' || o.shipping_fee || ' ' || o.payment_state || ' ' || o.payment_method
                        || ' ' || o.shipping_state || ' ' || o.confirmation || ' ' || o.tags || ' ' || o.expected_on || ' ' || c.external_ref
                   from orders o join customers c on c.org_id = o.org_id and c.id = o.customer_id where o.org_id = $1 order by o.external_ref",
            )
            .await;
        assert_eq!(
            orders,
            [
                "o-canceled CANCELLED 2862 872 paid card none pending [] 17337 person-0003",
                "o-delivered DELIVERED 5724 1744 paid card delivered confirmed [] 17337 person-0001",
                "o-early DELIVERED 21714 1814 paid transfer delivered confirmed [] 17325 person-0002",
                "o-invoiced PROCESSING 21714 1814 paid card none confirmed [\"invoiced\"] 17337 person-0001",
                "o-unapproved DELIVERED 21714 1814 unpaid card delivered confirmed [] 17337 person-0001",
                "o-unavailable BACKORDERED 6440 0 paid card none confirmed [\"unavailable\"] 17490 person-0003",
            ]
        );
        // Hours after the purchase, three hours behind Greenwich.
        let early = world
            .texts(
                "select e.kind || ' ' || coalesce(case when e.data like '%\"hand_over\"%' then 'hand_over' when e.data like '%\"deliver\"%' then 'deliver'
                        when e.data like '%\"process\"%' then 'process' when e.data like '%\"confirm\"%' then 'confirm' end, '') || ' ' ||
                        ((e.at - 1496325600000000) / 3600000000)
                   from events e join orders o on o.org_id = e.org_id and o.id = e.subject_id
                  where e.org_id = $1 and o.external_ref = 'o-early' and e.kind <> 'order.transaction' order by e.id",
            )
            .await;
        assert_eq!(early, ["order.placed  0", "order.moved confirm 46", "order.moved process 28", "order.moved hand_over 28", "order.moved deliver 200"]);
        let moves = world
            .texts("select state || ' ' || ((moved_at - created_at) / 60000000) from orders where org_id = $1 and external_ref in ('o-canceled', 'o-unapproved') order by state")
            .await;
        assert_eq!(moves, ["CANCELLED 0", "DELIVERED 7770"]);
        let lines = world
            .texts(
                "select o.external_ref || ' ' || coalesce(l.sku, '-') || ' ' || l.title || ' ' || l.unit_price || ' ' || v.kind
                   from order_lines l join orders o on o.org_id = l.org_id and o.id = l.order_id
                   join variants v on v.org_id = l.org_id and v.id = l.variant_id
                  where l.org_id = $1 and o.external_ref in ('o-delivered', 'o-unavailable', 'o-early') order by o.external_ref, l.position",
            )
            .await;
        assert_eq!(
            lines,
            [
                "o-delivered prod-lamp-1 Home lighting prod-lam 1990 goods",
                "o-delivered prod-lamp-1 Home lighting prod-lam 1990 goods",
                "o-early prod-chair Product prod-cha 19900 goods",
                "o-unavailable - Items not in the file 6440 service",
            ]
        );
        assert_eq!(world.number("select count(*) from transactions where org_id = $1").await, 7, "a voucher of nothing moved nothing");

        let before = world.rows_in_all().await;
        let again = world.import(&path, Preset::Olist, |_| {}).await.unwrap().summary;
        assert_eq!((again.orders_created, again.orders_unchanged, again.sales_total_minor), (0, 6, done.sales_total_minor));
        assert_eq!(world.rows_in_all().await, before);
    })
    .await;
}

#[tokio::test]
async fn an_order_that_cannot_be_is_refused_alone() {
    let world = World::on(db::Engine::Sqlite).await;
    let path = folder(&world);
    let orders = std::fs::read_to_string(path.join("olist_orders_dataset.csv")).unwrap();
    let orders = orders.replace("o-early,c2,", "o-early,c9,").replace("o-canceled,c4,canceled,", "o-canceled,c4,lost,");
    world.file("olist/olist_orders_dataset.csv", orders.replace("2017-11-02 11:00:00,2017", "2017-11-31 11:00:00,2017"));
    let done = world.import(&path, Preset::Olist, |_| {}).await.unwrap().summary;
    assert_eq!((done.orders_created, done.rejected), (3, 3));
    assert_eq!(
        world.refused(),
        ["3 o-early customer_id import.no_such_row", "6 o-unavailable order_purchase_timestamp import.time", "7 o-canceled order_status import.word"]
    );
    std::fs::remove_file(path.join("olist_order_payments_dataset.csv")).unwrap();
    let refused = world.import(&path, Preset::Olist, |_| {}).await.unwrap_err();
    assert_eq!(refused.to_string(), "invalid input (file: import.table_missing)");
}
