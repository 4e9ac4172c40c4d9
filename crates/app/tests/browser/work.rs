//! A day's work: editing, two people at the same order, many orders at once, views that are kept, files, what the customer sees.

use serde_json::json;
use testkit::{ADMIN, AGENT, Engine, MANAGER, Screen};

use crate::trip::{self, screens};

screens! {
    async fn an_order_is_edited_and_the_difference_shown_before_it_counts(trip: &Trip) {
        let order = trip.shop.order().await;
        let browser = trip.browser(ADMIN).await;
        browser.go(&format!("/app/orders/{}/edit", order.id)).await;
        browser.fill_at("input[name^='quantity.']", "2").await;
        browser.press("Preview").await;
        browser.sees_in("#edit-preview", "Difference to collect").await;
        browser.sees_in("#edit-preview .delta", "8,400").await;
        let read = trip.shop.admin().get(&order.path("")).await.expect(200);
        assert_eq!(read.body["lines"][0]["quantity"], 1, "nothing counts before it is applied");
        browser.press("Apply").await;
        browser.is_at(&format!("/app/orders/{}", order.id)).await;
        browser.sees("17,400").await;
        let read = trip.shop.admin().get(&order.path("")).await.expect(200);
        assert_eq!(read.body["lines"][0]["quantity"], 2);
    }

    async fn a_view_is_kept_and_found_again(trip: &Trip) {
        trip.shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        trip.shop.order().confirmed().await;
        let browser = trip.browser(AGENT).await;
        browser.go("/app/orders?state=PENDING&channel=whatsapp").await;
        browser.sees("Amina Benali").await;
        browser.press("Save view").await;
        browser.fill("Name", "My calls").await;
        browser.press("Keep it as a tab, with its count").await;
        browser.press("Save").await;
        browser.sees("View saved").await;
        browser.go("/app/orders").await;
        browser.press("My calls").await;
        browser.sees("Amina Benali").await;
        browser.holds("one order in the view", "return document.querySelectorAll('#orders tbody tr').length === 1", json!([])).await;
    }

    async fn a_customer_follows_an_order_without_script(trip: &Trip) {
        let order = trip.shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let browser = trip.visitor().await;
        browser.without_script().await;
        browser.go("/track-order").await;
        browser.forgive(422);
        browser.fill("Order number", &order.number).await;
        browser.fill("Last four digits of your phone", "0000").await;
        browser.press("Search").await;
        browser.sees_at("[role=alert], .err").await;
        browser.fill("Last four digits of your phone", "2387").await;
        browser.press("Search").await;
        browser.is_at("/t/").await;
        browser.sees("Linen dress").await;
        browser.sees_no("0550 14 23 87").await;
        trip.shop.agent().post(&order.path("/confirm"), json!({})).await.expect(200);
        browser.press("Reload").await;
        browser.sees("Linen dress").await;
    }
}

#[test]
fn two_people_who_edit_the_same_order_choose_side_by_side() {
    trip::run(Engine::Sqlite, Screen::DESKTOP, async |trip| {
        let order = trip.shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let (first, second) = (trip.browser(ADMIN).await, trip.browser(MANAGER).await);
        for (browser, name) in [(&first, "Amina Ben Ali"), (&second, "Amina B. Saïdi")] {
            browser.go(&format!("/app/orders/{}/edit", order.id)).await;
            browser.fill_at("#contact_name", name).await;
            browser.press("Preview").await;
            browser.sees_in("#edit-preview", name).await;
        }
        second.press("Apply").await;
        second.is_at(&format!("/app/orders/{}", order.id)).await;
        first.forgive(409);
        first.press("Apply").await;
        first.sees("Changed by two people").await;
        first.sees("Amina B. Saïdi").await;
        first.press("Mine").await;
        first.press("Merge and apply").await;
        first.is_at(&format!("/app/orders/{}", order.id)).await;
        first.sees("Amina Ben Ali").await;
    });
}

#[test]
fn many_orders_are_archived_at_once_and_brought_back() {
    trip::run(Engine::Sqlite, Screen::DESKTOP, async |trip| {
        let orders = [trip.shop.order().await, trip.shop.order().await];
        trip.shop.order().await;
        let is_archived = async |n: usize| trip.shop.admin().get(&orders[n].path("")).await.expect(200).body["archived_at"].is_string();
        let browser = trip.browser(ADMIN).await;
        browser.go("/app/orders").await;
        for order in &orders {
            browser.press_at(&format!("#{} .c-sel", order.id)).await;
        }
        browser.sees("2 selected").await;
        browser.press_at("#bulk summary").await;
        browser.press_at("#bulk button[value=archive]").await;
        browser.press("Try it").await;
        browser.is_at("/app/orders/bulk/").await;
        trip.shop.run_jobs().await;
        browser.sees("It would be done to 2 orders").await;
        assert!(!is_archived(0).await, "trying changes nothing");
        browser.press("Do it to 2 orders").await;
        browser.sees_no("Do it to 2 orders").await;
        trip.shop.run_jobs().await;
        browser.sees("Every order has its result.").await;
        assert!(is_archived(0).await && is_archived(1).await);
        browser.press("Undo").await;
        browser.sees_no("Every order has its result.").await;
        trip.shop.run_jobs().await;
        browser.sees("Orders that nobody touched since are as before.").await;
        assert!(!is_archived(0).await && !is_archived(1).await);
    });
}

#[test]
fn a_sheet_of_orders_is_mapped_tried_and_brought_in() {
    trip::run(Engine::Sqlite, Screen::DESKTOP, async |trip| {
        let sheet = trip.shop.base().data_dir().join("novembre.csv");
        std::fs::write(&sheet, "Client;Tél;Article;Nb;PU\nAmina Benali;0550142387;Robe en lin;2;8400\nKarim Haddad;0661223344;Savon;un;980\n")
            .unwrap();
        let browser = trip.browser(MANAGER).await;
        browser.go("/app/imports/new").await;
        browser.attach("input[type=file]", &sheet).await;
        browser.press("Upload").await;
        browser.is_at("/app/imports/files/").await;
        browser.sees("novembre.csv").await;
        browser.choose("Read as", "Columns named by hand").await;
        browser.fill("Name of this mapping", "Our sheet").await;
        browser.press("Save columns").await;
        browser.sees("Columns saved").await;
        browser.choose("Store", "Main store").await;
        browser.press("Try the file").await;
        browser.sees_no("Try the file").await;
        trip.shop.run_jobs().await;
        browser.sees("Rows that would be refused: 1. Orders that would be made: 1.").await;
        browser.press("Import now").await;
        browser.is_at("/app/imports/").await;
        browser.sees_no("Import now").await;
        trip.shop.run_jobs().await;
        browser.sees("Rows refused: 1. Orders made: 1.").await;
        browser.go("/app/orders?q=benali").await;
        browser.sees("Robe en lin").await;
    });
}
