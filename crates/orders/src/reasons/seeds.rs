//! The reasons that come with the program, in the order in which people see them.

use kernel::{Labels, Locale};

use super::{Reason, ReasonList};

/// A reason as it comes with the program.
pub(crate) struct Seed {
    list: ReasonList,
    pub(crate) code: &'static str,
    against_customer: bool,
    /// English, French, Arabic, Algerian dialect.
    labels: [&'static str; 4],
}

use ReasonList::{Cancellation, Escalation, Hold};

const fn seed(list: ReasonList, code: &'static str, against_customer: bool, labels: [&'static str; 4]) -> Seed {
    Seed { list, code, against_customer, labels }
}

#[rustfmt::skip]
const SEEDS: &[Seed] = &[
    seed(Hold, "address",          false, ["Address to be checked", "Adresse à vérifier", "العنوان بحاجة إلى تحقق", "العنوان يحتاج نتأكدو منو"]),
    seed(Hold, "stock",            false, ["Stock is missing", "Stock manquant", "المخزون غير متوفر", "السلعة خاصة"]),
    seed(Hold, "payment",          false, ["Waiting for payment", "En attente de paiement", "في انتظار الدفع", "نستناو الخلاص"]),
    seed(Hold, "fraud",            false, ["Fraud check", "Contrôle de fraude", "تحقق من الاحتيال", "نتأكدو ماشي احتيال"]),
    seed(Hold, "duplicate",        false, ["Perhaps a duplicate", "Doublon possible", "قد تكون طلبية مكررة", "بالاك الكوموند معاودة"]),
    seed(Hold, "customer_request", false, ["The customer asked to wait", "Le client demande d’attendre", "طلب الزبون الانتظار", "الزبون قال استناو"]),
    seed(Hold, "price",            false, ["Price to be agreed", "Prix à convenir", "السعر بحاجة إلى اتفاق", "السومة مازال ما تفاهمناش عليها"]),
    seed(Hold, "courier",          false, ["The courier cannot take it", "Le livreur ne peut pas le prendre", "شركة التوصيل لا تستطيع أخذه", "الليفرور ما يقدرش يديه"]),
    seed(Hold, "decision",         false, ["A manager decides", "Décision du responsable", "في انتظار قرار المسؤول", "المسؤول يقرر"]),
    seed(Hold, "other",            false, ["Other", "Autre", "سبب آخر", "حاجة أخرى"]),

    seed(Cancellation, "changed_mind",  true,  ["The customer changed their mind", "Le client a changé d’avis", "غيّر الزبون رأيه", "الزبون بدّل رايو"]),
    seed(Cancellation, "duplicate",     false, ["Duplicate", "Doublon", "طلبية مكررة", "كوموند معاودة"]),
    seed(Cancellation, "unreachable",   true,  ["Cannot be reached", "Injoignable", "لا يمكن الوصول إليه", "ما يجاوبش"]),
    seed(Cancellation, "wrong_number",  true,  ["Wrong number", "Faux numéro", "رقم خاطئ", "النيميرو غالط"]),
    seed(Cancellation, "out_of_stock",  false, ["Out of stock", "Rupture de stock", "نفاد المخزون", "السلعة خلاصت"]),
    seed(Cancellation, "price",         false, ["Price", "Prix", "السعر", "السومة"]),
    seed(Cancellation, "delivery_time", false, ["Delivery takes too long", "Délai de livraison", "مدة التوصيل", "التوصيل يطول"]),
    seed(Cancellation, "fraud",         true,  ["Suspected fraud", "Suspicion de fraude", "اشتباه في احتيال", "شكينا في احتيال"]),
    seed(Cancellation, "test",          false, ["Test", "Test", "تجربة", "تجربة"]),
    seed(Cancellation, "other",         false, ["Other", "Autre", "سبب آخر", "حاجة أخرى"]),

    seed(Escalation, "complex_order",    false, ["Complicated order", "Commande complexe", "طلبية معقدة", "كوموند معقدة"]),
    seed(Escalation, "complaint",        false, ["Complaint of the customer", "Réclamation du client", "شكوى من الزبون", "الزبون يشتكي"]),
    seed(Escalation, "unresolved",       false, ["Problem of the customer not solved", "Problème du client non résolu", "مشكلة الزبون لم تُحل", "مشكل الزبون ما تحلش"]),
    seed(Escalation, "delivery_problem", false, ["Problem with the delivery", "Problème de livraison", "مشكلة في التوصيل", "مشكل في التوصيل"]),
    seed(Escalation, "stock_problem",    false, ["Problem with the stock", "Problème de stock", "مشكلة في المخزون", "مشكل في السلعة"]),
    seed(Escalation, "price_exception",  false, ["Discount or price beyond the rules", "Remise ou prix hors règles", "خصم أو سعر خارج القواعد", "تخفيض برا القواعد"]),
    seed(Escalation, "refund",           false, ["Money to give back", "Remboursement", "استرداد المال", "ترجيع الدراهم"]),
    seed(Escalation, "fraud",            false, ["Suspected fraud", "Suspicion de fraude", "اشتباه في احتيال", "شكينا في احتيال"]),
    seed(Escalation, "technical",        false, ["Technical problem", "Problème technique", "مشكلة تقنية", "مشكل تقني"]),
    seed(Escalation, "other",            false, ["Other", "Autre", "سبب آخر", "حاجة أخرى"]),
];

/// Codes by which programs and older pages know reasons to call an order off.
const ALSO: &[(&str, &str)] = &[
    ("customer_refused", "changed_mind"),
    ("customer_changed_mind", "changed_mind"),
    ("refused", "changed_mind"),
    ("no_answer", "unreachable"),
    ("cannot_be_reached", "unreachable"),
    ("customer_unreachable", "unreachable"),
    ("twice", "duplicate"),
    ("too_late", "delivery_time"),
    ("fraud_suspicion", "fraud"),
];

/// The reasons of a list.
pub(crate) fn of(list: ReasonList) -> impl Iterator<Item = &'static Seed> {
    SEEDS.iter().filter(move |seed| seed.list == list)
}

/// The reason of a list with this code.
pub(crate) fn find(list: ReasonList, code: &str) -> Option<&'static Seed> {
    of(list).find(|seed| seed.code == code)
}

/// The reason to call an order off that another word stands for.
pub(crate) fn meant_by(word: &str) -> Option<&'static str> {
    ALSO.iter().find(|(also, _)| *also == word).map(|(_, code)| *code)
}

impl Seed {
    /// Whether a reason came with the program.
    pub(crate) fn stands(list: ReasonList, code: &str) -> bool {
        find(list, code).is_some()
    }

    /// The reason as nobody has changed it.
    pub(crate) fn reason(&self) -> Reason {
        let place = of(self.list).position(|seed| seed.code == self.code).unwrap_or(0);
        let locales = [Locale::En, Locale::Fr, Locale::Ar, Locale::Dz];
        let labels: Labels = locales.into_iter().zip(self.labels).map(|(locale, label)| (locale, label.to_owned())).collect();
        Reason {
            list: self.list,
            code: self.code.to_owned(),
            labels,
            needs_note: false,
            against_customer: self.against_customer,
            position: 10 * (place as i64 + 1),
            archived_at: None,
            is_seeded: true,
            version: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_reason_stands_once_and_each_list_has_another_way_out() {
        let mut seen = BTreeSet::new();
        for seed in SEEDS {
            assert!(seen.insert((seed.list, seed.code)), "{} stands twice", seed.code);
            assert!(seed.labels.iter().all(|label| !label.is_empty()), "{} has no words", seed.code);
            assert!(seed.list == Cancellation || !seed.against_customer);
        }
        for list in ReasonList::ALL {
            assert!(find(*list, super::super::OTHER).is_some());
        }
        for (also, code) in ALSO {
            assert!(find(Cancellation, code).is_some() && find(Cancellation, also).is_none(), "{also}");
        }
    }
}
