//! The test shop itself: what the other tests stand on.

use testkit::{Engine, START, Shop, both};

both! {
    async fn an_order_is_placed_and_moved_by_people(shop: Shop) {
        let order = shop.order().by(shop.agent()).confirmed().await;
        assert_eq!(order.body["state"], "CONFIRMED");
        let seen = shop.colleague().get(&order.path("")).await.expect(200);
        assert_eq!(seen.id(), order.id);
        shop.neighbour().get(&order.path("")).await.expect(404);
        shop.foreigner().get(&order.path("")).await.expect(404);
        shop.nobody().get(&order.path("")).await.expect(401);
        shop.weak().get(&order.path("")).await.expect(403);
    }

    async fn the_clock_moves_when_a_test_says_so(shop: Shop) {
        let before = shop.now();
        shop.advance(3 * 86_400);
        assert_eq!(shop.now().since_us(before), 3 * 86_400 * 1_000_000);
        // Tokens of the template are past their time now.
        shop.agent().get("/api/v1/me").await.expect(200);
    }

    async fn a_failed_statement_leaves_nothing(shop: Shop) {
        shop.order().await;
        let order = shop.order().body();
        shop.mark().await;
        for n in 1.. {
            shop.fail_statement(n).await;
            let answer = shop.agent().place(order.clone()).await;
            if shop.is_failure_pending() {
                assert_eq!(answer.status, 201, "{answer}");
                assert!(n > 5, "placing an order takes more than {n} statements");
                break;
            }
            assert_eq!(answer.status, 500, "statement {n}: {answer}");
            shop.assert_nothing_happened().await;
        }
        shop.base().db().fail_statement(0);
    }

    async fn a_browser_is_somebody(shop: Shop) {
        let browser = shop.browser(testkit::AGENT).await;
        let page = browser.get("/app/orders").await.expect(200);
        assert!(page.text.contains("<html"), "{page}");
    }
}

/// A change made in one process is there in another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_a_postgres() {
    let shop = Shop::on(Engine::Postgres).await;
    let other = shop.second_process().await;
    let order = shop.order().await;
    other.admin().get(&order.path("")).await.expect(200);
    other.advance(60);
    assert_eq!(shop.now().since_us(START), 0, "each has its own clock");
}
