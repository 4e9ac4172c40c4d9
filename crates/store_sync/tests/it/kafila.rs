//! Our own columns.

use store_sync::Preset;

use crate::world::{World, on_both};

const FILE: &str = "\
order_ref;store;placed_at;channel;customer_name;customer_phone;city;province;sku;title;variant;quantity;unit_price;discount;order_discount;shipping_fee;payment_method;tags;note;state;confirmed_at;delivered_at;custom.campaign
W-1;;2026-03-01 10:00:00;whatsapp;Amina Benali;0550 14 23 87;Bir El Djir;Oran;LIN-M;Linen dress;sand, M;1;8 400,00;;500;600;cod;vip;call after 5;DELIVERED;2026-03-01T12:00:00+01:00;2026-03-04;spring
W-2;PURNA;2026-03-02 10:00:00;;Karim;0661223344;;Alger;SCA-R;Silk scarf;;2;1500;10%;;0;;;;;;;
W-1;;;;;;;;SCA-R;Silk scarf;;2;1500.00;;;;;;;;;;
;;2026-03-03;;Lina;0770112233;;;SOAP;Soap;;3;250;;;0;;;;;;;
;;2026-03-03;;Lina;0770112233;;;SOAP;Soap;;3;250;;;0;;;;;;;
";

#[tokio::test]
async fn rows_of_a_reference_are_one_order_and_rows_without_are_one_each() {
    on_both(|world| async move {
        let path = world.file("orders.csv", FILE);
        let done = world.import(&path, Preset::Kafila, |_| {}).await.unwrap().summary;
        assert_eq!((done.orders_created, done.lines, done.rejected), (4, 5, 0), "{:?}", world.rejects().exists().then(|| world.refused()));

        let orders = world
            .texts(
                "select s.code || ' ' || o.channel || ' ' || o.contact_name || ' ' || coalesce(o.contact_phone, '-') || ' ' || coalesce(o.province_key, '-') || ' '
                        || o.state || ' ' || o.subtotal || ' ' || o.discount || ' ' || o.total || ' ' || o.tags || ' ' || o.custom || ' ' || o.note_count
                   from orders o join stores s on s.org_id = o.org_id and s.id = o.store_id where o.org_id = $1 order by o.created_at, o.seq",
            )
            .await;
        assert_eq!(
            orders,
            [
                "MAIN whatsapp Amina Benali +213550142387 DZ:31 DELIVERED 1140000 50000 1150000 [\"vip\"] {\"campaign\":\"spring\"} 1",
                "PURNA import Karim +213661223344 DZ:16 PENDING 270000 0 270000 [] {} 0",
                "MAIN import Lina +213770112233 - PENDING 75000 0 75000 [] {} 0",
                "MAIN import Lina +213770112233 - PENDING 75000 0 75000 [] {} 0",
            ]
        );
        let references = world.texts("select external_ref from orders where org_id = $1 order by seq").await;
        assert!(references.iter().any(|one| one.starts_with("row-") && one.ends_with("-1")), "{references:?}");
        assert!(references.iter().any(|one| one.starts_with("row-") && one.ends_with("-2")), "{references:?}");
        let store = world.texts("select currency || ' ' || country || ' ' || zone from stores where org_id = $1 and code = 'PURNA'").await;
        assert_eq!(store, ["DZD DZ Africa/Algiers"]);
        assert_eq!(world.number("select moved_at - created_at as us from orders where org_id = $1 and state = 'DELIVERED'").await, (62 * 3_600) * 1_000_000);

        let before = world.rows_in_all().await;
        // The same in another order of columns and with one row more.
        let again = world.import(&path, Preset::Kafila, |_| {}).await.unwrap().summary;
        assert_eq!((again.orders_created, again.orders_unchanged), (0, 4));
        assert_eq!(world.rows_in_all().await, before);
        let path = world.file("more.csv", format!("{FILE};;2026-03-03;;Lina;0770112233;;;SOAP;Soap;;3;250;;;0;;;;;;;\n"));
        let more = world.import(&path, Preset::Kafila, |_| {}).await.unwrap().summary;
        assert_eq!((more.orders_created, more.orders_unchanged), (1, 4));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_told_row_by_row() {
    on_both(|world| async move {
        let text = "\
order_ref,store,placed_at,customer_name,customer_phone,title,quantity,unit_price,currency,state,discount,country,expected_on
A-1,,2026-03-01,Lina,0550142387,Dress,1,100,,,,,
A-1,,2026-03-02,,,Scarf,0,abc,,,,,
A-2,,2026-03-01,Lina,12,Dress,1,100,,,,,
A-3,,2026-03-01,Lina,0550142387,Dress,1,100,EUR,,,,
A-4,,2026-03-01,Lina,0550142387,Dress,1,100,,LOST,,,
A-5,,,Lina,0550142387,,1,100,,SHIPPED,150%,Atlantis,soon
A-6,TOO-LONG-A-CODE,2026-03-01,Lina,0550142387,Dress,1,100,,,,,
A-7,,2026-03-01,Lina,0550142387,Dress,1,100,DZD,CONFIRMED,,Algérie,2026-03-09
";
        let path = world.file("orders.csv", text);
        let done = world.import(&path, Preset::Kafila, |_| {}).await.unwrap().summary;
        assert_eq!((done.orders_created, done.lines, done.rejected), (1, 1, 7));
        let mut refused = world.refused();
        refused.sort_unstable();
        assert_eq!(
            refused,
            [
                "2 A-1  import.same_order",
                "3 A-1 placed_at; quantity; unit_price import.differs; quantity; import.amount",
                "4 A-2 customer_phone phone",
                "5 A-3 currency currency.store",
                "6 A-4 state import.word",
                "7 A-5 title; country; expected_on; placed_at required; import.country; import.day; import.past_needs_time",
                "8 A-6 store store.code",
            ]
        );
        let mut reader = csv::Reader::from_path(world.rejects()).unwrap();
        assert_eq!(&reader.headers().unwrap()[4], "refused_because");
        let told: Vec<String> = reader.records().map(|row| row.unwrap()[4].to_owned()).collect();
        assert!(told.iter().any(|one| one == "en: currency.store expected DZD, found EUR"), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn one_store_for_all_rows_may_be_named() {
    let world = World::on(db::Engine::Sqlite).await;
    let path = world.file("orders.csv", FILE);
    let done = world.import(&path, Preset::Kafila, |options| options.store = Some("main".into())).await.unwrap().summary;
    assert_eq!(done.orders_created, 4);
    assert_eq!(world.number("select count(*) from stores where org_id = $1").await, 1);
}

#[tokio::test]
async fn many_refusals_cost_only_themselves() {
    on_both(|world| async move {
        let mut text = "order_ref,placed_at,customer_name,customer_phone,title,quantity,unit_price\n".to_owned();
        for n in 0..120 {
            // Every third one is refused where it is written, not where it is read.
            let phone = if n % 3 == 0 { "12".to_owned() } else { format!("0550{:06}", 100_000 + n) };
            text.push_str(&format!("R-{n},2026-03-01,Lina,{phone},Dress,1,100\n"));
        }
        let path = world.file("orders.csv", text);
        let done = world.import(&path, Preset::Kafila, |_| {}).await.unwrap().summary;
        assert_eq!((done.orders_created, done.lines, done.rejected), (80, 80, 40));
        assert_eq!(world.number("select count(*) from orders where org_id = $1").await, 80);
        assert_eq!(world.refused().len(), 40);
    })
    .await;
}
