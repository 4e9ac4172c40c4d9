//! What an order comes to. Pure, exact, in minor units of the order's currency.
//!
//! A line is quantity times unit price less its own discount. The order's discount is spread over the
//! lines by what they come to (largest remainder), because tax is a matter of each line. Tax is the
//! store's rate: already inside the prices, or on top of them, rounded half away from zero line by
//! line. Delivery and cash-on-delivery fees are passed on as they are and carry no tax. So:
//!
//! `subtotal` = sum of the lines; `total` = subtotal - discount + shipping fee + COD fee, plus tax
//! when prices do not hold it; `tax` = sum of the lines' tax. All of it holds exactly.

use kernel::{Amount, Check, Error, FieldError, PaymentMethod, TaxMode};

/// A reduction, of a line or of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// This much.
    Amount(Amount),
    /// This share, in millionths: 10 % is 100,000.
    Percent(i64),
}

/// What a line is priced by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinePrice {
    /// How many.
    pub quantity: i64,
    /// What one costs.
    pub unit_price: Amount,
    /// Less this.
    pub discount: Option<Discount>,
}

/// What an order is priced by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPrice<'a> {
    /// Its lines.
    pub lines: &'a [LinePrice],
    /// Less this, after the lines' own discounts.
    pub discount: Option<Discount>,
    /// For delivery.
    pub shipping_fee: Amount,
    /// For cash on delivery.
    pub cod_fee: Amount,
    /// Whether prices hold the tax.
    pub tax_mode: TaxMode,
    /// The rate in millionths: 19 % is 190,000.
    pub tax_rate_ppm: i64,
    /// Decides what is collected at the door.
    pub payment_method: PaymentMethod,
}

/// What a line comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineTotals {
    /// The line's own discount.
    pub discount: Amount,
    /// Its part of the order's discount.
    pub order_discount: Amount,
    /// The tax on it, inside or on top.
    pub tax: Amount,
    /// Quantity times price less its own discount.
    pub line_total: Amount,
}

/// What an order comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Each line.
    pub lines: Vec<LineTotals>,
    /// All lines.
    pub subtotal: Amount,
    /// The order's discount.
    pub discount: Amount,
    /// The tax, inside or on top.
    pub tax: Amount,
    /// What the customer owes.
    pub total: Amount,
    /// What of it is collected at the door.
    pub to_collect: Amount,
    /// How many things.
    pub item_count: i64,
}

/// Millionths of everything.
const WHOLE_PPM: i64 = 1_000_000;

/// Adds an order up, or names each field that is wrong: `lines[0].discount`, `discount`, `total`.
pub fn totals(price: &OrderPrice<'_>) -> Result<Totals, Error> {
    let mut check = Check::new();
    let mut lines = Vec::with_capacity(price.lines.len());
    let mut subtotal = Amount::ZERO;
    let mut item_count: i64 = 0;
    for (place, line) in price.lines.iter().enumerate() {
        let Some(gross) = check.keep(&format!("lines[{place}].unit_price"), line.unit_price.times(line.quantity))? else { continue };
        let discount = reduction(&mut check, &format!("lines[{place}].discount"), line.discount, gross);
        let line_total = gross - discount;
        subtotal = check.keep("total", subtotal.plus(line_total))?.unwrap_or(subtotal);
        item_count = item_count.saturating_add(line.quantity);
        lines.push(LineTotals { discount, order_discount: Amount::ZERO, tax: Amount::ZERO, line_total });
    }
    let discount = reduction(&mut check, "discount", price.discount, subtotal);
    check.done()?;

    let weights: Vec<i64> = lines.iter().map(|line| line.line_total.0).collect();
    let parts = if discount == Amount::ZERO { vec![Amount::ZERO; lines.len()] } else { discount.split(&weights) };
    let mut tax = Amount::ZERO;
    for (line, part) in lines.iter_mut().zip(parts) {
        line.order_discount = part;
        let taxed = line.line_total - part;
        line.tax = match price.tax_mode {
            TaxMode::Inclusive => taxed.included_share(price.tax_rate_ppm),
            TaxMode::Exclusive => taxed.share(price.tax_rate_ppm),
        };
        tax += line.tax;
    }
    let on_top = if price.tax_mode == TaxMode::Exclusive { tax } else { Amount::ZERO };
    let total = [price.shipping_fee, price.cod_fee, on_top].into_iter().try_fold(subtotal - discount, Amount::plus).map_err(|_| too_much("total"))?;
    let to_collect = if price.payment_method == PaymentMethod::Cod { total } else { Amount::ZERO };
    debug_assert_eq!(lines.iter().map(|line| line.line_total).sum::<Amount>(), subtotal, "lines make the subtotal");
    debug_assert_eq!(lines.iter().map(|line| line.order_discount).sum::<Amount>(), discount, "the discount is spread whole");
    Ok(Totals { lines, subtotal, discount, tax, total, to_collect, item_count })
}

fn too_much(field: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, "money.overflow")])
}

/// What a discount takes from an amount; never more than the amount.
fn reduction(check: &mut Check, field: &str, discount: Option<Discount>, of: Amount) -> Amount {
    let taken = match discount {
        None => Amount::ZERO,
        Some(Discount::Amount(amount)) => {
            check.require(amount.0 >= 0, field, "negative");
            amount
        }
        Some(Discount::Percent(ppm)) => {
            check.require((0..=WHOLE_PPM).contains(&ppm), field, "percent");
            of.share(ppm.clamp(0, WHOLE_PPM))
        }
    };
    if taken > of {
        check.push(FieldError::new(field, "discount.too_large").with("max", of));
        return of;
    }
    if taken.0 < 0 { Amount::ZERO } else { taken }
}

#[cfg(test)]
mod tests {
    use kernel::Currency;
    use proptest::prelude::*;

    use super::*;

    fn line(quantity: i64, unit_price: i64, discount: Option<Discount>) -> LinePrice {
        LinePrice { quantity, unit_price: Amount(unit_price), discount }
    }

    fn order(lines: &[LinePrice]) -> OrderPrice<'_> {
        OrderPrice {
            lines,
            discount: None,
            shipping_fee: Amount::ZERO,
            cod_fee: Amount::ZERO,
            tax_mode: TaxMode::Inclusive,
            tax_rate_ppm: 0,
            payment_method: PaymentMethod::Cod,
        }
    }

    #[track_caller]
    fn check(currency: &str, price: &OrderPrice<'_>, expected: &str) {
        let currency: Currency = currency.parse().unwrap();
        let show = |amount: Amount| currency.show_amount(amount);
        let found = match totals(price) {
            Ok(totals) => format!(
                "{} - {} tax {} = {}, collect {}",
                show(totals.subtotal),
                show(totals.discount),
                show(totals.tax),
                show(totals.total),
                show(totals.to_collect)
            ),
            Err(Error::Invalid(fields)) => fields.iter().map(|one| format!("{} {}", one.field, one.code)).collect::<Vec<_>>().join(", "),
            Err(other) => other.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn orders_add_up_in_currencies_with_0_2_and_3_decimals() {
        let dress = [line(1, 840_000, None), line(2, 150_000, Some(Discount::Percent(100_000)))];
        let with_fee = OrderPrice { shipping_fee: Amount(60_000), ..order(&dress) };
        check("DZD", &with_fee, "11100.00 - 0.00 tax 0.00 = 11700.00, collect 11700.00");
        let taxed = OrderPrice { tax_rate_ppm: 190_000, discount: Some(Discount::Amount(Amount(10_000))), ..with_fee.clone() };
        check("DZD", &taxed, "11100.00 - 100.00 tax 1756.30 = 11600.00, collect 11600.00");
        let on_top = OrderPrice { tax_mode: TaxMode::Exclusive, ..taxed };
        check("DZD", &on_top, "11100.00 - 100.00 tax 2090.00 = 13690.00, collect 13690.00");
        let yen = [line(3, 333, None)];
        let paid = OrderPrice {
            discount: Some(Discount::Percent(50_000)),
            tax_rate_ppm: 100_000,
            tax_mode: TaxMode::Exclusive,
            payment_method: PaymentMethod::Card,
            ..order(&yen)
        };
        check("JPY", &paid, "999 - 50 tax 95 = 1044, collect 0");
        let dinar = [line(1, 1_001, Some(Discount::Amount(Amount(1)))), line(1, 5, None)];
        check("KWD", &OrderPrice { discount: Some(Discount::Percent(333_333)), ..order(&dinar) }, "1.005 - 0.335 tax 0.000 = 0.670, collect 0.670");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let lines = [
            line(1_000_000, 1_000_000_000_000, None),
            line(1, 100, Some(Discount::Amount(Amount(101)))),
            line(1, 100, Some(Discount::Percent(1_000_001))),
        ];
        let price = OrderPrice { discount: Some(Discount::Amount(Amount(-1))), ..order(&lines) };
        check(
            "DZD",
            &price,
            "lines[0].unit_price money.overflow, lines[1].discount discount.too_large, lines[2].discount percent, discount negative",
        );
        let many = [line(1_000, 1_000_000_000_000, None), line(1, 1, None)];
        check("DZD", &order(&many), "total money.overflow");
    }

    fn discounts() -> impl Strategy<Value = Option<Discount>> {
        prop_oneof![
            Just(None),
            (0_i64..5_000).prop_map(|amount| Some(Discount::Amount(Amount(amount)))),
            (0_i64..=1_000_000).prop_map(|ppm| Some(Discount::Percent(ppm)))
        ]
    }

    proptest! {
        #[test]
        fn parts_always_make_the_whole(
            lines in proptest::collection::vec((1_i64..50, 0_i64..100_000, discounts()), 1..20),
            discount in discounts(),
            fee in 0_i64..10_000,
            rate in 0_i64..=500_000,
            is_inclusive: bool,
        ) {
            let lines: Vec<LinePrice> = lines.into_iter().map(|(quantity, price, discount)| line(quantity, price, discount)).collect();
            let tax_mode = if is_inclusive { TaxMode::Inclusive } else { TaxMode::Exclusive };
            let price = OrderPrice { discount, shipping_fee: Amount(fee), cod_fee: Amount(7), tax_mode, tax_rate_ppm: rate, ..order(&lines) };
            let Ok(found) = totals(&price) else { return Ok(()) };
            let sum = |part: fn(&LineTotals) -> Amount| found.lines.iter().map(part).sum::<Amount>();
            prop_assert_eq!(sum(|line| line.line_total), found.subtotal);
            prop_assert_eq!(sum(|line| line.order_discount), found.discount);
            prop_assert_eq!(sum(|line| line.tax), found.tax);
            let on_top = if is_inclusive { Amount::ZERO } else { found.tax };
            prop_assert_eq!(found.subtotal - found.discount + Amount(fee) + Amount(7) + on_top, found.total);
            prop_assert!(found.total.0 >= 0 && found.lines.iter().all(|line| line.tax.0 >= 0 && line.order_discount <= line.line_total));
        }
    }
}
