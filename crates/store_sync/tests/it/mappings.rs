//! Mappings under their names, and imports by them.

use kernel::Error;
use store_sync::mappings::{self, Mapping};
use store_sync::{ColumnUse, Constant, DateOrder, DecimalMark, Definition, NewImport, Preset, RowKind, WordUse};

use crate::jobs::{begin, runner, uploaded, view};
use crate::world::{World, on_both};

const FILE: &str = "N°;Jour;Prénom;Nom;Tél;Article;Taille;Nb;PU;Livraison;Étape;Pointure\n\
    A1;03/04/2026 14:30;Amina;Benali;550142387;Robe;M;2;1.250,50;600;OK client;38\n\
    A1;03/04/2026 14:30;Amina;Benali;550142387;Foulard;;1;900;600;OK client;38\n\
    A2;04/04/2026;Karim;;0661223344;Savon;;x3;250;;rappeler;\n\
    A3;31/02/2026;Lina;;0770112233;Savon;;1;abc;;jamais vu;\n";

pub(crate) fn definition() -> Definition {
    let column = |column: &str, field: &str| ColumnUse { column: column.into(), field: field.into() };
    Definition {
        columns: vec![
            column("N°", "order_ref"),
            column("Jour", "placed_at"),
            column("Prénom", "customer_name"),
            column("Nom", "customer_name"),
            column("Tél", "customer_phone"),
            column("Article", "title"),
            column("Taille", "variant"),
            column("Nb", "quantity"),
            column("PU", "unit_price"),
            column("Livraison", "shipping_fee"),
            column("Étape", "state"),
            column("Pointure", "custom.shoe_size"),
        ],
        constants: vec![
            Constant { field: "channel".into(), value: "facebook".into() },
            Constant { field: "province".into(), value: "Oran".into() },
            Constant { field: "shipping_fee".into(), value: "400".into() },
        ],
        words: vec![
            WordUse { field: "state".into(), from: "ok client".into(), to: "CONFIRMED".into() },
            WordUse { field: "state".into(), from: "rappeler".into(), to: "PENDING".into() },
        ],
        rows: RowKind::Line,
        dates: DateOrder::DayFirst,
        decimals: DecimalMark::Comma,
        currency: Some("DZD".parse().unwrap()),
        store: Some("MAIN".into()),
        phone_country: Some("DZ".parse().unwrap()),
    }
}

async fn create(world: &World, name: &'static str, definition: Definition) -> Result<Mapping, Error> {
    world.edge().await.write(move |tx, ctx| mappings::create(tx, ctx, name, &definition)).await
}

#[tokio::test]
async fn a_file_is_read_as_its_mapping_says() {
    on_both(|world| async move {
        create(&world, "Facebook sheet", definition()).await.unwrap();
        let file = uploaded(&world, "feuille.csv", FILE).await;
        let new = NewImport { preset: Preset::Mapping, mapping: Some("facebook SHEET".into()), ..file };
        let task = begin(&world, &new).await.unwrap();
        base::worker::Worker::new(world.base.clone(), runner).run_until_idle().await.unwrap();
        let seen = view(&world, task).await;
        assert_eq!((seen.result["orders_created"].as_i64(), seen.result["rejected"].as_i64()), (Some(2), Some(1)), "{seen:?}");
        let about = "select external_ref || ' ' || state || ' ' || total || ' ' || shipping_fee || ' ' || channel || ' ' || contact_name || ' ' || contact_phone
                            || ' ' || created_at || ' ' || custom as text
                       from orders where org_id = $1 order by external_ref";
        assert_eq!(
            world.texts(about).await,
            [
                // 14:30 in Algiers, an hour ahead.
                "A1 CONFIRMED 400100 60000 facebook Amina Benali +213550142387 1775223000000000 {\"shoe_size\":\"38\"}",
                "A2 PENDING 115000 40000 facebook Karim +213661223344 1775257200000000 {}",
            ]
        );
        let record = world.texts("select state || ' ' || mapping_name || ' ' || mapping_version || ' ' || made as text from imports where org_id = $1").await;
        assert_eq!(record, ["done Facebook sheet 1 2"]);
        let (kept, _) = base::files::open(&world.edge().await, seen.result_file.unwrap()).await.unwrap();
        let refused = std::fs::read_to_string(kept.path(&world.base)).unwrap();
        assert!(refused.contains("5,A3,Étape; Jour; PU,import.word_unknown; import.date; import.amount"), "{refused}");
        assert!(refused.starts_with("refused_line,refused_order,refused_field,refused_code,refused_because,N°,Jour,"), "{refused}");

        // Put right, the file of refused rows comes in as it is.
        let right = refused.replace("31/02/2026", "30/04/2026").replace(",abc,", ",250,").replace("jamais vu", "OK client");
        let again = uploaded(&world, "feuille.rejects.csv", &right).await;
        let task = begin(&world, &NewImport { preset: Preset::Mapping, mapping: Some("Facebook sheet".into()), ..again }).await.unwrap();
        base::worker::Worker::new(world.base.clone(), runner).run_until_idle().await.unwrap();
        assert_eq!(view(&world, task).await.result["orders_created"].as_i64(), Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_mapping_is_checked_as_a_whole_and_has_one_name() {
    let world = World::on(db::Engine::Sqlite).await;
    let made = create(&world, "Sheet", definition()).await.unwrap();
    assert_eq!(create(&world, " SHEET ", definition()).await.unwrap_err().to_string(), "invalid input (name: taken)");
    let wrong = Definition { columns: vec![ColumnUse { column: "x".into(), field: "colour".into() }], ..definition() };
    let error = create(&world, "", wrong).await.unwrap_err();
    let Error::Invalid(fields) = error else { panic!("{error}") };
    let told: Vec<String> = fields.iter().map(|field| format!("{} {}", field.field, field.code)).collect();
    assert_eq!(
        told,
        [
            "name required",
            "definition.columns[0].field import.word",
            "definition.columns import.mapping_price",
            "definition.columns import.mapping_title",
            "definition.rows import.mapping_key"
        ]
    );

    let change = |version: i64, name: &'static str| {
        let world = &world;
        async move { world.edge().await.write(move |tx, ctx| mappings::change(tx, ctx, made.id, name, &definition(), version)).await }
    };
    assert_eq!(change(1, "Other").await.unwrap().version, 2);
    let Error::Stale { version, fields } = change(1, "Third").await.unwrap_err() else { panic!() };
    assert_eq!((version, fields), (2, vec!["name"]));
    assert_eq!(change(2, "Other").await.unwrap().version, 2, "nothing differs");
    world.write(move |tx, ctx| mappings::remove(tx, ctx, made.id)).await;
    assert_eq!(world.edge().await.read(move |tx, ctx| mappings::find(tx, ctx, made.id)).await.unwrap_err().code(), "not_found");
}

#[tokio::test]
async fn a_file_without_the_mappings_columns_is_refused_whole() {
    let world = World::on(db::Engine::Sqlite).await;
    let path = world.file("other.csv", "N°;Article\n1;Robe\n");
    let refused = world.import(&path, Preset::Mapping, |options| options.mapping = Some(std::sync::Arc::new(definition()))).await.unwrap_err();
    let Error::Invalid(fields) = refused else { panic!("{refused}") };
    assert_eq!(
        (fields[0].code, fields[0].args["columns"].as_str()),
        ("import.columns_missing", "Jour, Prénom, Nom, Tél, Taille, Nb, PU, Livraison, Étape, Pointure")
    );
}

#[tokio::test]
async fn somebody_elses_file_is_not_found() {
    let world = World::on(db::Engine::Sqlite).await;
    let new = uploaded(&world, "orders.csv", FILE).await;
    let edge = world.edge().await;
    let ctx = base::Ctx { actor: kernel::Actor::User(kernel::Id::from_i64(7)), ..(*edge.ctx).clone() };
    let refused = world.base.edge(ctx).write(move |tx, ctx| store_sync::begin(tx, ctx, &new)).await.unwrap_err();
    assert_eq!(refused.code(), "not_found");
}
