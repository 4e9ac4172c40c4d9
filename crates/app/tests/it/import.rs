//! `kafila import` as a process: what it prints, what it leaves, what a power cut costs.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::binary::{Ran, Served, admin_key, kafila, run};

const HEADING: &str = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n";

/// Invoices of three lines, and a credit note for the first.
fn invoices(count: u32) -> String {
    let mut text = HEADING.to_owned();
    for n in 0..count {
        for line in 0..3 {
            text.push_str(&format!("{},7{:04},LAMP {line},2,2010-03-01 09:00:00,1.25,{},France\n", 500_000 + n, (n + line) % 500, 13_000 + n % 90));
        }
    }
    text.push_str("C600000,70000,LAMP 0,-1,2010-03-02 09:00:00,1.25,13000,France\n");
    text
}

/// `kafila doctor` has nothing to say. Any port: what listens at the usual one is another's business.
#[track_caller]
fn find_healthy(data: &Path) {
    let doctor = Ran::of(kafila(data).arg("doctor").env("KAFILA_LISTEN", "127.0.0.1:0"));
    assert_eq!(doctor.code, Some(0), "{}{}", doctor.out, doctor.err);
}

fn told(out: &str) -> Value {
    let mut told: Value = serde_json::from_str(out).unwrap();
    assert!(told["seconds"].as_f64().unwrap() > 0.0);
    told.as_object_mut().unwrap().remove("seconds");
    // Under which id it can be taken back; nothing where nothing was kept.
    let import = told.as_object_mut().unwrap().remove("import").unwrap();
    assert_eq!(import.is_null(), told["dry_run"] == true);
    told
}

#[test]
fn it_tells_what_it_did_in_one_object() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("retail.csv");
    std::fs::write(&file, invoices(40)).unwrap();
    let file = file.to_str().unwrap();
    let import = ["import", file, "--preset", "online-retail", "--json"];

    let dry = told(&run(data.path(), &[&import[..], &["--dry-run"]].concat()).ok());
    let first = told(&run(data.path(), &import).ok());
    assert_eq!(
        first,
        json!({
            "orders_created": 40, "orders_unchanged": 0, "credit_notes": 1, "credit_notes_linked": 1, "adjustments": 0, "credits_unchanged": 0,
            "lines": 121, "rejected": 0, "sales_total_minor": 40 * 750, "credits_total_minor": 125, "dry_run": false,
            "stores_opened": ["RETAIL"]
        })
    );
    // Nothing was kept, so a note that is tried with another batch finds no order.
    assert_eq!((&dry["orders_created"], &dry["sales_total_minor"], &dry["dry_run"]), (&json!(40), &json!(30_000), &json!(true)));
    assert_eq!(dry["stores_opened"], json!(["RETAIL"]), "of a trial those that would be opened");
    let second = told(&run(data.path(), &import).ok());
    assert_eq!((&second["orders_created"], &second["orders_unchanged"], &second["credits_unchanged"]), (&json!(0), &json!(40), &json!(1)));
    assert_eq!(second["stores_opened"], json!([]));
}

#[test]
fn refused_rows_are_a_file_and_an_exit_code() {
    let data = tempfile::tempdir().unwrap();
    let (file, rejects) = (data.path().join("retail.csv"), data.path().join("bad.csv"));
    std::fs::write(&file, invoices(5) + "700000,70000,LAMP,two,2010-03-01 09:00:00,1.25,13000,France\n").unwrap();
    let ran = run(data.path(), &["import", file.to_str().unwrap(), "--preset", "online-retail", "--json", "--rejects", rejects.to_str().unwrap()]);
    assert_eq!(ran.code, Some(8), "{}", ran.err);
    assert!(ran.err.contains("1 rows were refused") && ran.err.contains("bad.csv"), "{}", ran.err);
    let told = told(&ran.out);
    assert_eq!((&told["orders_created"], &told["rejected"]), (&json!(5), &json!(1)));
    let refused = std::fs::read_to_string(&rejects).unwrap();
    assert_eq!(
        refused,
        format!(
            "refused_line,refused_order,refused_field,refused_code,refused_because,{HEADING}\
             18,700000,Quantity,import.quantity,Expected a whole number other than 0.,700000,70000,LAMP,two,2010-03-01 09:00:00,1.25,13000,France\n"
        )
    );
}

#[test]
fn what_cannot_be_read_is_said_in_words() {
    let data = tempfile::tempdir().unwrap();
    let nothing = data.path().join("nothing.csv");
    let said = run(data.path(), &["import", nothing.to_str().unwrap(), "--preset", "kafila"]).failed(2);
    assert!(said.contains("cannot be read"), "{said}");
    std::fs::write(&nothing, "a,b\n1,2\n").unwrap();
    let said = run(data.path(), &["import", nothing.to_str().unwrap(), "--preset", "kafila"]).failed(2);
    assert!(said.contains("title, quantity, unit_price"), "{said}");
    let said = run(data.path(), &["import", nothing.to_str().unwrap()]).failed(2);
    assert!(said.contains("--preset") && said.contains("--mapping"), "{said}");
    let said = run(data.path(), &["import", nothing.to_str().unwrap(), "--mapping", "feuille"]).failed(2);
    assert!(said.contains("there is no mapping called feuille") && said.contains("No mapping is saved yet"), "{said}");
    let said = run(data.path(), &["import", nothing.to_str().unwrap(), "--preset", "magento"]).failed(2);
    assert!(said.contains("kafila, online-retail, olist"), "{said}");
    let said = run(data.path(), &["import", nothing.to_str().unwrap(), "--preset", "shopify"]).failed(2);
    assert!(said.contains("Lineitem quantity"), "{said}");

    // While a server has the data, the way is through its API.
    let key = admin_key(data.path());
    let served = Served::start(data.path());
    let said = run(data.path(), &["import", nothing.to_str().unwrap(), "--preset", "kafila"]).failed(4);
    assert!(said.contains("API"), "{said}");
    drop((served, key));
}

#[test]
fn a_run_that_was_killed_is_continued_by_running_it_again() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("retail.csv");
    std::fs::write(&file, invoices(2_500)).unwrap();
    let import = ["import", file.to_str().unwrap(), "--preset", "online-retail", "--json"];
    run(data.path(), &["user", "list"]).ok();
    for wait_ms in [150, 600, 1_500] {
        let mut child = kafila(data.path()).args(import).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let rest = told(&run(data.path(), &import).ok());
    let (created, unchanged) = (rest["orders_created"].as_u64().unwrap(), rest["orders_unchanged"].as_u64().unwrap());
    assert_eq!((created + unchanged, &rest["sales_total_minor"], &rest["credit_notes_linked"]), (2_500, &json!(2_500 * 750), &json!(1)));
    let again = told(&run(data.path(), &import).ok());
    assert_eq!((&again["orders_created"], &again["orders_unchanged"]), (&json!(0), &json!(2_500)));
    find_healthy(data.path());
}

#[test]
fn an_undo_that_was_killed_is_continued_by_running_it_again() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("retail.csv");
    std::fs::write(&file, invoices(1_500)).unwrap();
    let made = run(data.path(), &["import", file.to_str().unwrap(), "--preset", "online-retail", "--json"]).ok();
    let made: Value = serde_json::from_str(&made).unwrap();
    let import = made["import"].as_str().unwrap();
    for wait_ms in [200, 700, 1_200] {
        let mut child = kafila(data.path()).args(["import", "--undo", import]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // One that had come to its end before it was killed cannot be taken back again.
    let rest = run(data.path(), &["import", "--undo", import, "--json"]);
    if rest.code == Some(0) {
        let told: Value = serde_json::from_str(&rest.out).unwrap();
        assert_eq!((&told["removed"], &told["kept"]), (&json!(1_501), &json!(0)));
    } else {
        assert!(rest.err.contains("taken back"), "{}", rest.err);
    }
    find_healthy(data.path());
    let again = told(&run(data.path(), &["import", file.to_str().unwrap(), "--preset", "online-retail", "--json"]).ok());
    assert_eq!((&again["orders_created"], &again["orders_unchanged"]), (&json!(1_500), &json!(0)));
}

#[test]
fn a_file_comes_in_by_a_mapping_and_goes_by_its_id() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("sheet.csv");
    std::fs::write(&file, "Client;Téléphone;Produit;Quantité;Prix\nLina;0550142387;Robe;1;8400\n").unwrap();
    let file = file.to_str().unwrap();
    let said = run(data.path(), &["import", file, "--mapping", "nobody's"]).failed(2);
    assert!(said.contains("there is no mapping called nobody's"), "{said}");
    let made = run(data.path(), &["import", file, "--preset", "generic"]).ok();
    let id = made.split("--undo ").nth(1).unwrap_or_else(|| panic!("{made}")).trim();
    assert!(run(data.path(), &["import", "--undo", id]).ok().starts_with("1 orders and credit notes are gone; 0 stay"));
    assert!(
        run(data.path(), &["import", file, "--preset", "generic", "--dry-run"]).ok().contains("1 orders made, 0 stood already (nothing was kept)")
    );
    run(data.path(), &["import", file]).failed(2);
}
