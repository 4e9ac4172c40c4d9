//! Provinces and towns as filters of lists offer them.

use access::Store;
use base::places;
use kernel::Country;

use crate::words::Words;

/// So many towns are offered to be typed faster.
const TOWNS: usize = 300;

/// The provinces of the countries that these stores sell in: key and name in the reader's script.
pub(crate) fn provinces(stores: &[Store], say: Words) -> Vec<(String, String)> {
    let mut countries: Vec<Country> = stores.iter().map(|store| store.country).collect();
    countries.sort_unstable();
    countries.dedup();
    let is_local = say.locale.is_right_to_left();
    let named = |province: &places::Province| {
        let name = if is_local { &province.local_name } else { &province.name };
        (format!("{}:{}", province.country, province.code), format!("{} · {name}", province.code))
    };
    countries.into_iter().flat_map(places::provinces).map(named).collect()
}

/// The towns of these provinces, to be typed faster.
pub(crate) fn towns(stores: &[Store], provinces: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for key in provinces {
        let Some((country, code)) = key.split_once(':') else { continue };
        let Some(store) = stores.iter().find(|store| store.country.to_string() == country) else { continue };
        names.extend(places::districts(store.country, code).iter().map(|district| district.name.clone()));
    }
    names.truncate(TOWNS);
    names
}
