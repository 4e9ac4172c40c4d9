//! Invoice lines.

use store_sync::{Go, Preset, Summary};

use crate::world::{World, on_both};

const HEADING: &str = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n";

/// Eight invoices: two orders with split lines, postage and a country without code, one without customer,
/// one write-off, one giveaway, one bad debt, two credit notes (one of them with a line that is charged).
const FILE: &str = "\
600001,71234,GREEN LAMP,6,2010-03-01 09:00:00,2.55,13001,EIRE
600002,71235,BLUE LAMP,2,2010-03-01 09:05:00,10,13002,West Indies
600001,71236A,\"LAMP, SMALL\",12,2010-03-01 09:01:00,0.85,13001,EIRE
600001,POST,POSTAGE,1,2010-03-01 09:00:00,18,13001,EIRE
600003,71234,nan,1,2010-07-01 10:00:00,5.1,,United Kingdom
600004,71234,,-4,2010-07-01 10:01:00,0,,United Kingdom
600005,71235,BLUE LAMP,3,2010-07-01 10:02:00,0,13002,West Indies
A600006,B,Adjust bad debt,1,2010-07-01 10:03:00,-500.25,,United Kingdom
C600007,71236A,\"LAMP, SMALL\",-3,2010-07-02 08:00:00,0.85,13001,EIRE
C600008,M,Manual,1,2010-07-02 08:30:00,3.57,13002,West Indies
C600008,71235,BLUE LAMP,-1,2010-07-02 08:30:00,10,13002,West Indies
600009,PADS,PADS TO MATCH ALL CUSHIONS,1,2010-07-02 09:00:00,0.001,13001,EIRE
600009,71234,GREEN LAMP,1,2010-07-02 09:00:00,2.55,13001,EIRE
";

fn file() -> String {
    format!("{HEADING}{FILE}")
}

fn expected() -> Summary {
    Summary {
        orders_created: 4,
        orders_unchanged: 0,
        credit_notes: 2,
        credit_notes_linked: 2,
        adjustments: 3,
        credits_unchanged: 0,
        lines: 13,
        rejected: 0,
        // 15.30 + 10.20 + 18, 20, 5.10, 2.55 + 0.
        sales_total_minor: kernel::Amount(4_350 + 2_000 + 510 + 255),
        // 500.25, 2.55, 10 - 3.57.
        credits_total_minor: kernel::Amount(50_025 + 255 + 643),
        ..Summary::default()
    }
}

#[tokio::test]
async fn an_invoice_becomes_an_order_a_credit_note_or_an_adjustment() {
    on_both(|world| async move {
        let path = world.file("retail.csv", file());
        let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap();
        assert_eq!(done.summary, expected());
        assert!(!world.rejects().exists());

        let orders = world
            .texts(
                "select o.external_ref || ' ' || o.state || ' ' || o.country || ' ' || coalesce(o.province, '-') || ' ' || o.place_known || ' '
                        || o.total || ' ' || o.line_count || ' ' || coalesce(c.external_ref, '-') || ' ' || o.tags
                   from orders o left join customers c on c.org_id = o.org_id and c.id = o.customer_id
                  where o.org_id = $1 order by o.external_ref",
            )
            .await;
        assert_eq!(
            orders,
            [
                "600001 DELIVERED IE - 1 4350 3 13001 []",
                "600002 DELIVERED GB West Indies 0 2000 1 13002 [\"country-unknown\"]",
                "600003 DELIVERED GB - 1 510 1 - []",
                "600009 DELIVERED IE - 1 255 2 13001 []",
            ]
        );
        let notes = world
            .texts(
                "select n.external_ref || ' ' || n.kind || ' ' || n.country || ' ' || n.total || ' ' || coalesce(o.external_ref, '-')
                   from credit_notes n left join orders o on o.org_id = n.org_id and o.id = n.order_id
                  where n.org_id = $1 order by n.external_ref",
            )
            .await;
        assert_eq!(
            notes,
            [
                "600004 adjustment GB 0 -",
                "600005 adjustment GB 0 -",
                "A600006 adjustment GB 50025 -",
                "C600007 return IE 255 600001",
                "C600008 return GB 643 600002",
            ]
        );
        let lines = world
            .texts(
                "select n.external_ref || ' ' || l.sku || ' ' || l.quantity || ' ' || l.unit_price
                   from credit_note_lines l join credit_notes n on n.org_id = l.org_id and n.id = l.credit_note_id
                  where l.org_id = $1 order by n.external_ref, l.position",
            )
            .await;
        assert_eq!(
            lines,
            ["600004 71234 4 0", "600005 71235 -3 0", "A600006 B -1 -50025", "C600007 71236A 3 85", "C600008 M -1 357", "C600008 71235 1 1000"]
        );
        let services = world.texts("select sku from variants where org_id = $1 and kind = 'service' order by sku").await;
        assert_eq!(services, ["M", "POST"]);
        // London was an hour ahead in July; the first row's time counts.
        let times = world.texts("select external_ref || ' ' || created_at from orders where org_id = $1 order by external_ref limit 3").await;
        assert_eq!(times, ["600001 1267434000000000", "600002 1267434300000000", "600003 1277974800000000"]);
        let titles = world.texts("select title from order_lines where org_id = $1 and sku = '71234' order by title").await;
        assert_eq!(titles, ["71234", "GREEN LAMP", "GREEN LAMP"]);
    })
    .await;
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    on_both(|world| async move {
        let path = world.file("retail.csv", file());
        let first = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap().summary;
        let before = world.rows_in_all().await;
        let second = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap().summary;
        assert_eq!(second, Summary { orders_created: 0, orders_unchanged: 4, credits_unchanged: 5, ..first });
        assert_eq!(world.rows_in_all().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_keeps_nothing() {
    on_both(|world| async move {
        let path = world.file("retail.csv", file());
        let before = world.rows_in_all().await;
        let dry = world.import(&path, Preset::OnlineRetail, |options| options.is_dry_run = true).await.unwrap();
        assert_eq!(dry.summary, expected());
        assert_eq!(world.rows_in_all().await, before);
        let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap();
        assert_eq!(done.summary, dry.summary);
    })
    .await;
}

/// Orders of one line each, so that there are several batches.
fn long_file(orders: u32) -> String {
    let rows = (0..orders).map(|n| format!("{},7{:04},LAMP {n},1,2010-03-01 09:00:00,1.25,{},France\n", 700_000 + n, n % 50, 13_000 + n % 7));
    format!("{HEADING}{}", rows.collect::<String>())
}

#[tokio::test]
async fn a_run_that_was_killed_is_continued_by_running_it_again() {
    on_both(|world| async move {
        let path = world.file("retail.csv", long_file(230));
        let mut batches = 0;
        let killed = world
            .import_watched(
                &path,
                Preset::OnlineRetail,
                |_| {},
                |_| {
                    batches += 1;
                    if batches == 2 { Go::Stop } else { Go::On }
                },
            )
            .await
            .unwrap();
        assert!(killed.is_stopped);
        assert!((1..230).contains(&killed.summary.orders_created), "{}", killed.summary.orders_created);

        let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap().summary;
        assert_eq!(done.orders_unchanged, killed.summary.orders_created);
        assert_eq!(done.orders_created + done.orders_unchanged, 230);
        assert_eq!(done.sales_total_minor, kernel::Amount(230 * 125));
        assert_eq!(world.number("select count(*) from orders where org_id = $1").await, 230);
        assert_eq!(world.number("select cast(sum(orders) as bigint) as orders from order_days where org_id = $1").await, 230);
    })
    .await;
}

#[tokio::test]
async fn a_run_goes_on_where_its_cursor_stands() {
    on_both(|world| async move {
        let path = world.file("retail.csv", long_file(230));
        let mut cursor = None;
        let watch = |progress: &store_sync::Progress| {
            cursor = Some(progress.cursor.clone());
            Go::Stop
        };
        world.import_watched(&path, Preset::OnlineRetail, |_| {}, watch).await.unwrap();
        let handled = cursor.as_ref().unwrap().pieces;
        let mut seen = Vec::new();
        let watch = |progress: &store_sync::Progress| {
            seen.push((progress.done, progress.total));
            Go::On
        };
        let done = world.import_watched(&path, Preset::OnlineRetail, |options| options.resume = cursor, watch).await.unwrap().summary;
        assert_eq!((done.orders_created, done.orders_unchanged, done.lines), (230, 0, 230));
        assert_eq!(seen.last(), Some(&(230, 230)));
        assert!(seen[0].0 > handled, "what was done counts as done: {seen:?}");
    })
    .await;
}

#[tokio::test]
async fn only_the_bad_invoice_is_refused() {
    on_both(|world| async move {
        let mut text = long_file(60);
        text.push_str("800001,71234,LAMP,two,2010-03-01 09:00:00,1.25,13001,France\n");
        text.push_str("800002,71234,LAMP,2,yesterday,one pound,13001,France\n");
        text.push_str("800002,71235,LAMP,2,2010-03-01 09:00:00,1.25,13001,France\n");
        text.push_str("800003,71234,LAMP,2,2010-03-01 09:00:00,1.25,13001,France\n");
        text.push_str("800003,71235,LAMP,-2,2010-03-01 09:00:00,1.25,13001,France\n");
        text.push_str("800004,71235,LAMP,7,2010-03-01 09:00:00,0.001,13001,France\n");
        text.push_str("800005,71235,LAMP,7,2031-03-01 09:00:00,1.25,13001,France\n");
        text.push_str("800006,71235,LAMP,7,2010-03-01 09:00:00,1.25,13001,France\n");
        text.push_str("800006,71235,LAMP,7,2010-03-01 09:00:00,1.25,13002,France\n");
        text.push_str("800007,71235,LAMP,7,2010-03-01 09:00:00,1.25,13001,France\n");
        let path = world.file("retail.csv", text);
        let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap().summary;
        assert_eq!((done.orders_created, done.lines, done.rejected), (61, 61, 9));
        let refused = world.refused();
        let mut expected = vec![
            "62 800001 Quantity import.quantity",
            "63 800002 Price; InvoiceDate import.amount; import.time",
            "64 800002  import.same_order",
            "65 800003  import.same_order",
            "66 800003 Quantity quantity",
            "67 800004 Price import.price_too_fine",
            "68 800005 InvoiceDate date.future",
            "69 800006  import.same_order",
            "70 800006 Customer ID import.differs",
        ];
        let mut found: Vec<&str> = refused.iter().map(String::as_str).collect();
        found.sort_unstable();
        expected.sort_unstable();
        // Which of two problems of a row comes first is of no account.
        let found: Vec<String> = found
            .iter()
            .map(|row| row.replace("InvoiceDate; Price import.time; import.amount", "Price; InvoiceDate import.amount; import.time"))
            .collect();
        assert_eq!(found, expected);

        // Put right, the file of refused rows is brought in as it is.
        let fixed = std::fs::read_to_string(world.rejects()).unwrap();
        let fixed = fixed.replace(",two,", ",2,").replace(",yesterday,", ",2010-03-01 09:00:00,").replace(",one pound,", ",1.00,");
        let fixed = fixed.replace(",-2,", ",2,").replace("0.001", "0.01").replace("2031", "2011").replace("13002", "13001");
        let path = world.file("fixed.csv", fixed);
        let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap().summary;
        assert_eq!((done.orders_created, done.lines, done.rejected), (6, 9, 0));
    })
    .await;
}

#[tokio::test]
async fn an_invoice_that_says_something_else_now_is_refused() {
    on_both(|world| async move {
        let path = world.file("retail.csv", file());
        world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap();
        let path = world.file("changed.csv", file().replace(",0.85,13001", ",0.95,13001"));
        let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap().summary;
        assert_eq!((done.orders_created, done.orders_unchanged, done.credits_unchanged, done.rejected), (0, 3, 4, 4));
        let refused = world.refused();
        assert_eq!(refused[0], "2 600001  order.external_ref");
        assert!(refused.contains(&"10 C600007  credit_note.external_ref".to_owned()), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_file_as_a_whole_may_be_refused() {
    let world = World::on(db::Engine::Sqlite).await;
    let code = async |name: &str, content: &[u8], preset: Preset| {
        let path = world.file(name, content);
        let Err(kernel::Error::Invalid(fields)) = world.import(&path, preset, |_| {}).await else { panic!("{name} was taken") };
        (fields[0].field.clone(), fields[0].code)
    };
    let of_file = |code| ("file".to_owned(), code);
    assert_eq!(code("empty.csv", b"", Preset::OnlineRetail).await, of_file("import.empty"));
    assert_eq!(code("other.csv", b"a,b\n1,2\n", Preset::OnlineRetail).await, of_file("import.columns_missing"));
    assert_eq!(code("broken.xlsx", b"not a workbook", Preset::OnlineRetail).await, of_file("import.cannot_open"));
    let packed = zstd::encode_all(long_file(50_000).as_bytes(), 1).unwrap();
    assert_eq!(code("cut.csv.zst", &packed[..packed.len() - 100], Preset::OnlineRetail).await, of_file("import.damaged"));
    assert_eq!(code("file.csv", b"a,b\n1,2\n", Preset::Olist).await, of_file("import.folder_wanted"));
    assert_eq!(world.number("select count(*) from stores where org_id = $1").await, 1, "nothing was opened for them");

    let path = world.file("retail.csv", file());
    let refused = world.import(&path, Preset::OnlineRetail, |options| options.store = Some("main".into())).await;
    let Err(kernel::Error::Invalid(fields)) = refused else { panic!("pounds in a store of dinars") };
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("store", "import.store_currency"));
    let refused = world.import(&path, Preset::OnlineRetail, |options| options.may_open_stores = false).await;
    let Err(kernel::Error::Invalid(fields)) = refused else { panic!("a store was opened") };
    assert_eq!(fields[0].code, "import.store_missing");
    let gone = world.import(&path.with_extension("gone"), Preset::OnlineRetail, |_| {}).await;
    assert_eq!(gone.unwrap_err().to_string(), "invalid input (file: import.cannot_open)");
}

#[tokio::test]
async fn a_workbook_and_a_packed_file_say_the_same() {
    let world = World::on(db::Engine::Sqlite).await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(std::io::Cursor::new(file()));
    for (row, record) in (0_u32..).zip(reader.records()) {
        for (column, cell) in (0_u16..).zip(record.unwrap().iter()) {
            match cell.parse::<f64>() {
                Ok(number) if number.is_finite() => sheet.write_number(row, column, number).unwrap(),
                _ if column == 4 && row > 0 => {
                    let at = rust_xlsxwriter::ExcelDateTime::parse_from_str(cell).unwrap();
                    sheet.write_datetime_with_format(row, column, &at, &format).unwrap()
                }
                _ => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    let path = world.file("retail.xlsx", book.save_to_buffer().unwrap());
    let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap();
    assert_eq!(done.summary, expected(), "{:?}", world.rejects().exists().then(|| world.refused()));

    let path = world.file("retail.csv.zst", zstd::encode_all(file().as_bytes(), 1).unwrap());
    let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap().summary;
    assert_eq!((done.orders_created, done.orders_unchanged, done.credits_unchanged, done.rejected), (0, 4, 5, 0));
}
