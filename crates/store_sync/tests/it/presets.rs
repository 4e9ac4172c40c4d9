//! Files as other programs write them, written by hand for these tests.

use kernel::{Error, OrderState};
use store_sync::{Done, Encoding, Options, Preset};

use crate::world::{World, on_both};

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

async fn imported(world: &World, name: &str, preset: Preset, change: impl FnOnce(&mut Options)) -> Result<Done, Error> {
    let path = world.file(name, sample(name));
    world.import(&path, preset, change).await
}

/// Reference, state, total, discount, shipping, payment, collected at the door.
const ORDERS: &str = "select external_ref || ' ' || state || ' ' || total || ' ' || discount || ' ' || shipping_fee || ' ' || payment_state || ' ' ||
                             payment_method || ' ' || to_collect as text
                        from orders where org_id = $1 order by external_ref";
const WHO: &str =
    "select contact_name || ', ' || coalesce(contact_phone, '-') || ', ' || coalesce(line1, '-') || ', ' || coalesce(city, '-') || ', ' ||
                          coalesce(province, '-') || ', ' || coalesce(postal_code, '-') as text
                     from orders where org_id = $1 order by external_ref";
const LINES: &str = "select o.external_ref || ' ' || coalesce(l.sku, '-') || ' ' || l.title || ' ' || l.quantity || ' x ' || l.unit_price || ' - ' || l.discount as text
                       from order_lines l join orders o on o.org_id = $1 and o.id = l.order_id
                      where l.org_id = $1 order by o.external_ref, l.position";

#[tokio::test]
async fn the_order_export_of_shopify_comes_in() {
    on_both(|world| async move {
        let done = imported(&world, "shopify.csv", Preset::Shopify, |_| {}).await.unwrap().summary;
        assert_eq!((done.orders_created, done.lines, done.rejected), (4, 5, 1));
        assert_eq!(
            world.texts(ORDERS).await,
            [
                "#1001 DELIVERED 1790000 100000 60000 paid cod 0",
                // The tax stood on top: a line of its own, so that the order owes what it owed there.
                "#1002 PENDING 297500 0 0 unpaid cod 297500",
                "#1003 REFUNDED 90000 0 0 refunded card 0",
                "#1004 CANCELLED 10000 0 0 unpaid cod 10000",
            ]
        );
        assert_eq!(
            world.texts(LINES).await,
            [
                "#1001 LIN-M Linen dress - sand, M 2 x 840000 - 0",
                "#1001 SCA-R Silk scarf 1 x 150000 - 0",
                "#1002 SOAP Soap 1 x 250000 - 0",
                "#1002 - Taxes and fees 1 x 47500 - 0",
                "#1003 GIFT Gift card 1 x 100000 - 10000",
                "#1004 SOAP Soap 1 x 10000 - 0",
            ]
        );
        assert_eq!(
            world.texts(WHO).await[..3],
            [
                "Amina Benali, +213550142387, Cité 200 logts, bloc 7, Bir El Djir, Oran, 31000",
                "Karim Ziani, +213661223344, Rue 1, Alger, Alger, 16000",
                "Lina Haddad, +213770112233, , Oran, Oran, -",
            ]
        );
        let about = "select channel || ' ' || tags || ' ' || coalesce(import_source, '-') || ' ' || created_at as text from orders
                      where org_id = $1 order by external_ref";
        assert_eq!(world.texts(about).await[0], "web [\"vip\",\"spring\"] shopify 1772355600000000");
        assert!(world.texts("select body as text from order_notes where org_id = $1").await[0].contains("gift: yes\\nsize: M"));
        assert_eq!(world.refused(), ["8 #1005 Total; Financial Status; Created at import.amount; import.word_unknown; import.date"]);

        let again = imported(&world, "shopify.csv", Preset::Shopify, |_| {}).await.unwrap().summary;
        assert_eq!((again.orders_created, again.orders_unchanged), (0, 4));
    })
    .await;
}

#[tokio::test]
async fn woocommerce_comes_in_with_a_row_for_each_product() {
    let world = World::on(db::Engine::Sqlite).await;
    let done = imported(&world, "woocommerce_rows.csv", Preset::Woocommerce, |_| {}).await.unwrap().summary;
    assert_eq!((done.orders_created, done.lines, done.rejected), (4, 5, 1));
    assert_eq!(
        world.texts(ORDERS).await,
        [
            "2001 DELIVERED 1840000 50000 60000 paid cod 0",
            "2002 PENDING 250000 0 0 unpaid cod 250000",
            "2003 CONFIRMED 250000 0 0 paid card 0",
            "2004 DELIVERED 250000 0 0 paid cod 0",
        ]
    );
    assert_eq!(world.texts(WHO).await[0], "Amina Benali, +213550142387, Cité 200 logts, bloc 7, Bir El Djir, Oran, 31000");
    assert_eq!(world.refused(), ["7 2005 Order Status import.word_unknown"]);
}

#[tokio::test]
async fn woocommerce_comes_in_with_products_in_cells() {
    let world = World::on(db::Engine::Sqlite).await;
    let done = imported(&world, "woocommerce_cells.csv", Preset::Woocommerce, |_| {}).await.unwrap().summary;
    assert_eq!((done.orders_created, done.rejected), (3, 0));
    assert_eq!(
        world.texts(ORDERS).await,
        ["3001 PENDING 1090001 50000 60000 unpaid cod 1090001", "3002 REFUNDED 10000 0 0 refunded card 0", "3003 REFUNDED 10000 0 0 refunded card 0",]
    );
    // 2,400.01 for three: the last unit is a discount, so that the sum is kept.
    assert_eq!(world.texts(LINES).await[1], "3001 SOAP Soap 3 x 80001 - 2");
    // One date says that the day comes first, so it does in all.
    let days = "select cast(placed_day as text) as text from orders where org_id = $1 order by external_ref";
    assert_eq!(world.texts(days).await, ["20456", "20525", "20526"]);
}

#[tokio::test]
async fn a_sheet_of_youcan_comes_in_in_arabic() {
    let world = World::on(db::Engine::Sqlite).await;
    let done = imported(&world, "youcan.csv", Preset::Youcan, |_| {}).await.unwrap().summary;
    assert_eq!((done.orders_created, done.rejected), (2, 1));
    assert_eq!(world.texts(ORDERS).await, ["YC-1 CONFIRMED 900000 0 60000 unpaid cod 900000", "YC-2 DELIVERED 115000 0 40000 unpaid cod 115000"]);
    assert_eq!(world.refused(), ["4 YC-3 الحالة import.word_unknown"]);
}

#[tokio::test]
async fn an_unknown_sheet_comes_in_by_a_guess() {
    let world = World::on(db::Engine::Sqlite).await;
    // As an old program writes it.
    let text = String::from_utf8(sample("generic.csv")).unwrap();
    let bytes: Vec<u8> = text.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect();
    let path = world.file("sheet.csv", bytes);
    let done = world.import(&path, Preset::Generic, |_| {}).await.unwrap().summary;
    assert_eq!((done.orders_created, done.rejected), (2, 0));
    let about = "select state || ' ' || total || ' ' || shipping_fee || ' ' || contact_name || ' ' || contact_phone || ' ' || summary as text
                   from orders where org_id = $1 order by created_at";
    assert_eq!(
        world.texts(about).await,
        ["DELIVERED 1680000 0 Amina Benali +213550142387 Robe en lin × 2", "PENDING 100000 0 Karim Ziani +213661223344 Savon × 3"]
    );
    let nothing = world.file("nothing.csv", "a,b\n1,2\n");
    let error = world.import(&nothing, Preset::Generic, |_| {}).await.unwrap_err();
    assert_eq!(error.to_string(), "invalid input (file: import.columns_missing)");
}

#[tokio::test]
async fn a_preview_says_what_a_file_is() {
    let world = World::on(db::Engine::Sqlite).await;
    let look = |name: &str| {
        let path = world.file(name, sample(name));
        store_sync::preview(&store_sync::Source::at(&path), None).unwrap()
    };
    let shown = look("shopify.csv");
    assert_eq!((shown.preset, shown.encoding, shown.separator), (Some(Preset::Shopify), Some(Encoding::Utf8), Some(',')));
    assert_eq!((shown.rows.len(), shown.rows[1].line), (6, 4), "the note of the first order holds two lines");
    assert_eq!(look("woocommerce_rows.csv").preset, Some(Preset::Woocommerce));
    assert_eq!(look("woocommerce_cells.csv").preset, Some(Preset::Woocommerce));
    let shown = look("generic.csv");
    assert_eq!((shown.preset, shown.separator), (Some(Preset::Generic), Some(';')));
    let fields: Vec<&str> = shown.guess.columns.iter().map(|column| column.field.map_or("-", |field| field.as_str())).collect();
    assert_eq!(fields, ["placed_at", "customer_name", "customer_phone", "province", "city", "title", "quantity", "total", "state"]);

    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend("Ref\tالمنتج\tPrix\n1\tصابون\t250\n".encode_utf16().flat_map(u16::to_le_bytes));
    let path = world.file("utf16.csv", utf16);
    let shown = store_sync::preview(&store_sync::Source::at(&path), None).unwrap();
    assert_eq!((shown.encoding, shown.separator, shown.headers.len()), (Some(Encoding::Utf16Le), Some('\t'), 3));
    assert_eq!(shown.rows[0].cells, ["1", "صابون", "250"]);
}

#[tokio::test]
async fn every_state_of_ours_can_be_imported() {
    let world = World::on(db::Engine::Sqlite).await;
    let mut text = "order_ref,placed_at,customer_name,customer_phone,title,quantity,unit_price,state\n".to_owned();
    for state in OrderState::WORDS {
        text.push_str(&format!("{state},2026-03-01,Lina,0550142387,Dress,1,100,{state}\n"));
    }
    let path = world.file("states.csv", text);
    let done = world.import(&path, Preset::Kafila, |_| {}).await.unwrap().summary;
    assert_eq!((done.orders_created, done.rejected), (OrderState::WORDS.len() as u64, 0));
    assert_eq!(world.number("select count(*) from orders where org_id = $1 and external_ref <> state").await, 0);
}
