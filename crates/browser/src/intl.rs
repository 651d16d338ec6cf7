//! Numbers, sizes and dates as the person's language writes them, by the browser's `Intl`.

use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

/// Decimal units that `Intl` knows by name.
const SIZE_UNITS: [&str; 5] = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (key, value) in pairs {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&options, &(*key).into(), value);
    }
    options
}

fn formatted(format: &js_sys::Function, value: &JsValue) -> String {
    format
        .call1(&JsValue::UNDEFINED, value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

fn number_format(language: &str, pairs: &[(&str, JsValue)]) -> js_sys::Function {
    Intl::NumberFormat::new(&Array::of1(&language.into()), &options(pairs)).format()
}

/// A number with grouped digits.
pub fn number(language: &str, value: f64) -> String {
    formatted(&number_format(language, &[]), &value.into())
}

/// A number with at most so many digits that say something, and no less exact than it is: `0.0005` stays what it is. What is
/// very small or very large has an exponent.
pub fn exact(language: &str, value: f64, most_digits: u32) -> String {
    let shortest = format!("{value:e}");
    let digits = shortest.split('e').next().unwrap_or_default();
    let digits = digits.bytes().filter(u8::is_ascii_digit).count();
    let digits = u32::try_from(digits).unwrap_or(most_digits).clamp(1, most_digits);
    let is_far = value != 0.0 && !(1e-6..1e15).contains(&value.abs()) && !(value.fract() == 0.0 && value.abs() < 1e16);
    let notation = if is_far { "scientific" } else { "standard" };
    let format = number_format(
        language,
        &[
            ("maximumSignificantDigits", digits.into()),
            ("notation", notation.into()),
        ],
    );
    formatted(&format, &value.into())
}

/// The plural category of a number: `one`, `few`, `many`, `other`, …
pub fn plural_category(language: &str, value: f64) -> String {
    Intl::PluralRules::new(&Array::of1(&language.into()), &Object::new())
        .select(value)
        .into()
}

/// A number of three or four significant digits.
pub fn rounded(language: &str, value: f64) -> String {
    let format = number_format(language, &[("maximumSignificantDigits", 4.into())]);
    formatted(&format, &value.into())
}

/// The time of day of an instant, to the second, in the person's time zone.
pub fn clock(language: &str, millis: i64) -> String {
    let format = Intl::DateTimeFormat::new(
        &Array::of1(&language.into()),
        &options(&[("timeStyle", "medium".into())]),
    )
    .format();
    formatted(&format, &Date::new(&(millis as f64).into()))
}

/// A size in the largest unit that leaves at least 1, with one digit after the point below 10.
pub fn size(language: &str, bytes: f64) -> String {
    let mut value = bytes;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < SIZE_UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if unit > 0 && value < 9.95 { 1 } else { 0 };
    let format = number_format(
        language,
        &[
            ("style", "unit".into()),
            ("unit", SIZE_UNITS[unit].into()),
            ("unitDisplay", if unit == 0 { "long" } else { "short" }.into()),
            ("maximumFractionDigits", digits.into()),
        ],
    );
    formatted(&format, &value.into())
}

/// A share of 1 as whole per cent, rounded down: 100 % stands only for everything.
pub fn percent(language: &str, share: f64) -> String {
    let format = number_format(
        language,
        &[("style", "percent".into()), ("maximumFractionDigits", 0.into())],
    );
    formatted(&format, &((share * 100.0).floor() / 100.0).into())
}

/// A number of per cent; 100 need not be the most.
pub fn percent_of(language: &str, percent: f64) -> String {
    let format = number_format(
        language,
        &[("style", "percent".into()), ("maximumSignificantDigits", 3.into())],
    );
    formatted(&format, &(percent / 100.0).into())
}

/// An instant, in milliseconds since the epoch: date and time to the second, in the person's time zone.
pub fn instant(language: &str, millis: i64) -> String {
    let format = Intl::DateTimeFormat::new(
        &Array::of1(&language.into()),
        &options(&[("dateStyle", "medium".into()), ("timeStyle", "medium".into())]),
    )
    .format();
    formatted(&format, &Date::new(&(millis as f64).into()))
}

/// An instant for machines, as `datetime` attributes want it.
pub fn machine_instant(millis: i64) -> String {
    String::from(Date::new(&(millis as f64).into()).to_iso_string())
}

/// What is added to world time for the time of the person's place at an instant, in minutes.
pub fn zone_min(millis: i64) -> i64 {
    -(Date::new(&(millis as f64).into()).get_timezone_offset() as i64)
}

/// How far away something is, such as "in 2 days"; `unit` is one that `Intl` knows, such as `day`.
pub fn relative(language: &str, count: i64, unit: &str) -> String {
    let format = Intl::RelativeTimeFormat::new(&Array::of1(&language.into()), &Object::new());
    String::from(format.format(count as f64, unit))
}
