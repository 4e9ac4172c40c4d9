//! What a customer reads on the page of an order while its parcel is on the way.

use serde_json::json;
use testkit::both;

both! {
    async fn what_was_heard_of_a_parcel_stands_under_its_present_stop(shop: Shop) {
        let order = shop.order().shipped().await;
        let token = shop.admin().post(&order.path("/tracking-link"), json!({})).await.expect(200).body["token"].as_str().unwrap().to_owned();
        let page = async || shop.nobody().get(&format!("/t/{token}?lang=en")).await.expect(200).text;
        assert!(!page().await.contains("<small class=\"sub\"><bdi>At the courier"), "nothing was heard yet");
        shop.advance(60);
        shop.admin().post(&order.path("/tracking"), json!({"status": "at_hub", "place": "Tlemcen"})).await.expect(201);
        let heard = page().await;
        assert!(heard.contains("<b>With the courier</b><small class=\"sub\"><bdi>At the courier’s centre · Tlemcen</bdi></small>"), "{heard}");
        // What was heard before a stop is no news of it.
        shop.advance(60);
        shop.admin().post(&order.path("/moves"), json!({"action": "out_for_delivery"})).await.expect(200);
        let near = page().await;
        assert!(!near.contains("<small class=\"sub\"><bdi>At the courier"), "{near}");
    }

    async fn the_stores_number_stands_first_when_the_promised_day_is_over(shop: Shop) {
        shop.admin().put("/api/v1/settings/tracking", json!({"value": {"phone": "+213 550 11 22 33"}})).await.expect(200);
        let order = shop.order().shipped().await;
        let token = shop.admin().post(&order.path("/tracking-link"), json!({})).await.expect(200).body["token"].as_str().unwrap().to_owned();
        let page = async || shop.nobody().get(&format!("/t/{token}?lang=en")).await.expect(200).text;
        let place = |text: &str, what: &str| text.find(what).unwrap_or_else(|| panic!("{what} is missing in {text}"));
        let usual = page().await;
        assert!(place(&usual, "id=\"help\"") > place(&usual, "id=\"way\""));
        assert_eq!(usual.matches("id=\"help\"").count(), 1);
        let version = shop.admin().get(&order.path("")).await.expect(200).body["version"].clone();
        shop.admin().patch(&order.path(""), json!({"expected_on": "2026-11-20", "version": version})).await.expect(200);
        let late = page().await;
        assert!(late.contains("is late") && place(&late, "id=\"help\"") < place(&late, "id=\"way\""), "{late}");
        assert_eq!(late.matches("id=\"help\"").count(), 1);
    }
}
