//! The shop that the demonstration plays: its stores, people, products and customers. All invented;
//! the places are real.

use kernel::{Amount, Channel, Locale};

use super::dice::Dice;

/// A store of the group.
pub(super) struct StorePlan {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// How many of a hundred orders are its own.
    pub(super) share: u64,
    pub(super) products: &'static [Product],
}

/// Something it sells.
pub(super) struct Product {
    pub(super) sku: &'static str,
    pub(super) title: &'static str,
    pub(super) variants: &'static [&'static str],
    /// In whole dinars.
    pub(super) price: i64,
}

const fn product(sku: &'static str, title: &'static str, variants: &'static [&'static str], price: i64) -> Product {
    Product { sku, title, variants, price }
}

#[rustfmt::skip]
pub(super) const STORES: &[StorePlan] = &[
    StorePlan { code: "NATU", name: "Natura Bio", share: 28, products: &[
        product("HON-500", "Jujube honey 500 g", &[], 4_200),
        product("OLI-750", "Olive oil of Kabylia 75 cl", &[], 1_450),
        product("ARG-60", "Argan oil", &["30 ml", "60 ml"], 2_300),
        product("NIG-250", "Nigella seeds 250 g", &[], 650),
        product("DAT-1K", "Deglet Nour dates 1 kg", &[], 1_100),
        product("SOAP-3", "Laurel soap, set of 3", &[], 980),
    ] },
    StorePlan { code: "PURNA", name: "Purna Premium", share: 18, products: &[
        product("LIN-DR", "Linen dress", &["sand, S", "sand, M", "olive, M", "olive, L"], 8_400),
        product("DJEL", "Djellaba, embroidered", &["navy, M", "navy, L", "white, L"], 11_200),
        product("SCARF", "Silk scarf", &["saffron", "petrol"], 3_900),
        product("WATCH-A", "Atlas watch", &["steel", "leather"], 12_900),
        product("BAG-C", "Canvas backpack", &["grey", "green"], 5_200),
    ] },
    StorePlan { code: "DILST", name: "Dilst Distribution", share: 22, products: &[
        product("HEAD-S", "Studio headphones", &["black", "white"], 9_750),
        product("LAMP-O", "Desk lamp, oak", &[], 4_100),
        product("CABLE-2", "Charging cable 2 m, set of 2", &[], 1_200),
        product("KETTLE", "Electric kettle 1.7 l", &["steel", "black"], 3_650),
        product("FAN-40", "Stand fan 40 cm", &[], 6_300),
    ] },
    StorePlan { code: "MGSTR", name: "Mega Store", share: 24, products: &[
        product("SHOE-T", "Trail shoes", &["41", "42", "43", "44"], 7_600),
        product("CARRIER", "Baby carrier", &["grey", "blue"], 8_950),
        product("SUN-A", "Sunglasses", &["amber", "smoke"], 3_400),
        product("PAN-28", "Granite pan 28 cm", &[], 2_850),
        product("TOY-W", "Wooden train set", &[], 4_600),
        product("QUILT", "Winter quilt", &["160 × 220", "200 × 220"], 6_900),
    ] },
    StorePlan { code: "JWLR", name: "Jawhara Jewellery", share: 8, products: &[
        product("RING-K", "Kabyle silver ring", &["54", "56", "58"], 14_300),
        product("EAR-F", "Filigree earrings", &[], 9_800),
        product("BRAC-B", "Berber bracelet", &["small", "large"], 16_500),
        product("NECK-M", "Medallion necklace", &[], 21_000),
    ] },
];

/// Somebody who works here. The password is the same for all, and printed at the start.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) role: &'static str,
    pub(super) locale: Locale,
    /// Codes of her stores; empty means all.
    pub(super) stores: &'static [&'static str],
}

const fn person(name: &'static str, email: &'static str, role: &'static str, locale: Locale, stores: &'static [&'static str]) -> Person {
    Person { name, email, role, locale, stores }
}

/// For roles that are bound to stores.
const ALL: &[&str] = &["NATU", "PURNA", "DILST", "MGSTR", "JWLR"];

#[rustfmt::skip]
pub(super) const PEOPLE: &[Person] = &[
    person("Nadia Boudiaf",   "nadia@demo.kafila",   "admin",             Locale::Fr, &[]),
    person("Walid Saadi",     "walid@demo.kafila",   "team_manager",      Locale::Fr, &[]),
    person("Ines Bensalem",   "ines@demo.kafila",    "agent_call_center", Locale::Fr, ALL),
    person("Meriem Ouali",    "meriem@demo.kafila",  "agent_call_center", Locale::Ar, ALL),
    person("Samir Taleb",     "samir@demo.kafila",   "agent_call_center", Locale::Fr, ALL),
    person("Yacine Hamdi",    "yacine@demo.kafila",  "agent_call_center", Locale::Ar, &["NATU", "MGSTR"]),
    person("Lynda Mokrani",   "lynda@demo.kafila",   "agent_suivi",       Locale::Fr, &[]),
    person("Amel Cherif",     "amel@demo.kafila",    "agent_suivi",       Locale::Ar, &[]),
    person("Rachid Kaci",     "rachid@demo.kafila",  "agent",             Locale::Fr, &["DILST"]),
    person("Sonia Belkacem",  "sonia@demo.kafila",   "agent",             Locale::En, &["PURNA", "JWLR"]),
    person("Djamel Ferhat",   "djamel@demo.kafila",  "shop_owner",        Locale::Fr, &["NATU", "PURNA"]),
    person("Houria Zerrouki", "houria@demo.kafila",  "shop_owner",        Locale::Ar, &["JWLR"]),
];

/// Given names: Latin, Arabic.
const GIVEN: &[(&str, &str)] = &[
    ("Amina", "أمينة"),
    ("Karim", "كريم"),
    ("Yasmine", "ياسمين"),
    ("Sofiane", "سفيان"),
    ("Lina", "لينة"),
    ("Mourad", "مراد"),
    ("Rania", "رانية"),
    ("Hichem", "هشام"),
    ("Nour", "نور"),
    ("Farès", "فارس"),
    ("Salima", "سليمة"),
    ("Walid", "وليد"),
    ("Khadidja", "خديجة"),
    ("Mohamed", "محمد"),
    ("Fatima", "فاطمة"),
    ("Abdelkader", "عبد القادر"),
    ("Zohra", "زهرة"),
    ("Bilal", "بلال"),
    ("Imene", "إيمان"),
    ("Ryad", "رياض"),
    ("Nesrine", "نسرين"),
    ("Tarek", "طارق"),
    ("Houda", "هدى"),
    ("Anis", "أنيس"),
    ("Djamila", "جميلة"),
    ("Oussama", "أسامة"),
    ("Sarah", "سارة"),
    ("Toufik", "توفيق"),
];

/// Family names: Latin, Arabic.
const FAMILY: &[(&str, &str)] = &[
    ("Benali", "بن علي"),
    ("Haddad", "حداد"),
    ("Chérif", "شريف"),
    ("Meziane", "مزيان"),
    ("Khelifi", "خليفي"),
    ("Ziani", "زياني"),
    ("Boukhalfa", "بوخالفة"),
    ("Laroussi", "العروسي"),
    ("Djebbar", "جبار"),
    ("Amrani", "عمراني"),
    ("Ferhat", "فرحات"),
    ("Saidi", "سعيدي"),
    ("Mansouri", "منصوري"),
    ("Belaïd", "بلعيد"),
    ("Brahimi", "براهيمي"),
    ("Hamidi", "حميدي"),
    ("Ouali", "والي"),
    ("Touati", "تواتي"),
    ("Rahmani", "رحماني"),
    ("Bouzid", "بوزيد"),
    ("Slimani", "سليماني"),
];

const STREETS: &[&str] = &[
    "Cité 200 logements, bloc",
    "Cité 1er Novembre, bât.",
    "Rue Larbi Ben M'hidi, n°",
    "Rue Didouche Mourad, n°",
    "Boulevard Zighoud Youcef, n°",
    "Hai El Badr, lot",
    "Cité des Orangers, villa",
    "Rue de l'Indépendance, n°",
    "Cité AADL, tour",
    "Lotissement El Amel, n°",
];

/// Provinces by code, weighed by how many orders come from there.
const PROVINCES: &[(&str, u64)] = &[
    ("16", 22),
    ("31", 11),
    ("25", 8),
    ("19", 8),
    ("09", 6),
    ("06", 5),
    ("15", 6),
    ("23", 4),
    ("13", 4),
    ("05", 4),
    ("30", 3),
    ("35", 4),
    ("21", 3),
    ("02", 3),
    ("27", 3),
    ("47", 2),
    ("18", 2),
    ("34", 2),
];

/// Somebody who buys.
#[derive(Clone, Debug)]
pub(super) struct Buyer {
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) language: Locale,
    pub(super) line1: String,
    pub(super) city: String,
    pub(super) province: String,
}

impl Buyer {
    /// The n-th customer; a fourth of them write their name in Arabic.
    pub(super) fn draw(dice: &mut Dice, number: u64) -> Buyer {
        let (given, family) = (dice.pick(GIVEN), dice.pick(FAMILY));
        let writes_arabic = dice.chance(25);
        let name = if writes_arabic { format!("{} {}", given.1, family.1) } else { format!("{} {}", given.0, family.0) };
        let code = dice.weighed(PROVINCES, |province| province.1).0;
        let province = base::places::find_province(kernel::Country::DZ, code).expect("the codes above are provinces of Algeria");
        let districts = base::places::districts(kernel::Country::DZ, code);
        let city = if districts.is_empty() { province.name.to_owned() } else { dice.pick(districts).name.to_owned() };
        let network = dice.pick(&["55", "66", "77", "69", "79", "65", "78"]);
        Buyer {
            name,
            phone: format!("+213{network}{:07}", (number * 7_919 + dice.below(7_919)) % 10_000_000),
            language: if writes_arabic || dice.chance(40) { Locale::Ar } else { Locale::Fr },
            line1: format!("{} {}", dice.pick(STREETS), dice.below(180) + 1),
            city,
            province: province.name.to_owned(),
        }
    }
}

/// Where orders come from, and how many of a hundred.
const CHANNELS: &[(Channel, u64)] =
    &[(Channel::Web, 34), (Channel::Whatsapp, 24), (Channel::Instagram, 18), (Channel::Messenger, 10), (Channel::Phone, 9), (Channel::Tiktok, 5)];

/// A channel by its share.
pub(super) fn channel(dice: &mut Dice) -> Channel {
    dice.weighed(CHANNELS, |channel| channel.1).0
}

/// What delivery costs: the farther from the coast, the dearer.
pub(super) fn shipping_fee(province: &str) -> Amount {
    match province {
        "Alger" | "Blida" | "Boumerdès" | "Tipaza" => Amount(40_000),
        "Ouargla" | "Ghardaïa" | "Adrar" | "Tamanrasset" | "Béchar" => Amount(95_000),
        _ => Amount(60_000),
    }
}
