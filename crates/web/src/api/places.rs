//! Places: countries with lists of provinces and districts.

use base::places;
use kernel::{Country, Error};

use crate::extract::{Path, Two};
use crate::respond::{List, Reply, shown};
use crate::schema::view;

view! {
    /// A country with a list of places.
    pub(crate) struct CountryView {
        /// ISO 3166 code.
        code: Country,
        /// How many provinces are listed.
        provinces: usize = 69,
    }

    /// A wilaya, a Bangladeshi district, a county.
    pub(crate) struct ProvinceView {
        /// Its code in its country.
        code: &'static str = "31",
        /// Its name in Latin letters.
        name: &'static str = "Oran",
        /// Its name in the country's own writing.
        local_name: &'static str = "وهران",
        /// The code of the province that it was a part of on the older map.
        parent: Option<&'static str>,
    }

    /// A commune, an upazila, a constituency.
    pub(crate) struct DistrictView {
        /// Its code in its country.
        code: &'static str = "3103",
        /// Its name in Latin letters.
        name: &'static str = "Bir El Djir",
        /// Its name in the country's own writing.
        local_name: &'static str = "بئر الجير",
        /// Its postal code; empty where none is known.
        postal_code: &'static str,
    }
}

/// `GET /api/v1/places`
pub(crate) async fn countries() -> Reply<List<CountryView>> {
    let countries = places::countries().iter().map(|code| CountryView { code: *code, provinces: places::provinces(*code).len() });
    shown(List::whole(countries.collect()))
}

/// `GET /api/v1/places/{country}`
pub(crate) async fn provinces(Path(country): Path<Country>) -> Reply<List<ProvinceView>> {
    let provinces = places::provinces(country);
    if provinces.is_empty() {
        return Err(Error::not_found("country").into());
    }
    let view = |province: &'static places::Province| ProvinceView {
        code: &province.code,
        name: &province.name,
        local_name: &province.local_name,
        parent: province.parent.as_deref(),
    };
    shown(List::whole(provinces.iter().map(view).collect()))
}

/// `GET /api/v1/places/{country}/{province}`
pub(crate) async fn districts(Path(Two(country, province)): Path<Two<Country, String>>) -> Reply<List<DistrictView>> {
    let found = places::find_province(country, &province).ok_or(Error::not_found("province"))?;
    let view = |district: &'static places::District| DistrictView {
        code: &district.code,
        name: &district.name,
        local_name: &district.local_name,
        postal_code: &district.postal_code,
    };
    shown(List::whole(places::districts(country, &found.code).iter().map(view).collect()))
}
