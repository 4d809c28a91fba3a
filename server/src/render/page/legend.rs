//! What the signs and colours of the map mean, and the buttons above it.

use super::super::document::PlanDocument;
use super::super::figures::money;
use super::super::html::{Escaped, put};
use super::scale::Scale;

/// Layers to show or hide (style alone does it) and zoom buttons (hidden without a script).
pub(super) const TOOLBAR: &str = "\
<div class=\"toolbar\"><fieldset><legend>Show</legend>\
<label><input type=\"checkbox\" id=\"show-routes\" checked> Routes</label>\
<label><input type=\"checkbox\" id=\"show-cells\" checked> Cells</label>\
<label><input type=\"checkbox\" id=\"show-borders\" checked> Territories</label>\
<label><input type=\"checkbox\" id=\"show-left-out\" checked> Left out</label>\
<label><input type=\"checkbox\" id=\"show-roads\" checked> Roads</label></fieldset>\
<div class=\"zoom\" hidden><button type=\"button\" id=\"all-routes\" hidden>All routes</button>\
<button type=\"button\" id=\"zoom-in\" aria-label=\"Zoom in\">+</button>\
<button type=\"button\" id=\"zoom-out\" aria-label=\"Zoom out\">−</button>\
<button type=\"button\" id=\"zoom-fit\">Fit</button></div></div>\n";

/// The legend of one map.
pub(super) fn legend(document: &PlanDocument, scale: Option<&Scale>) -> String {
    let mut out = String::from("<div class=\"legend\">\n");
    if let Some(scale) = scale {
        put(
            &mut out,
            format_args!(
                "<p>Expected value of a cell, {}</p>\n<ul class=\"scale\">\n",
                Escaped(&document.currency)
            ),
        );
        for class in 1..=scale.classes() {
            put(
                &mut out,
                format_args!(
                    "<li><i class=\"v{}\"></i>to {}</li>\n",
                    scale.shade(class),
                    whole_money(scale.up_to(class), document.exponent)
                ),
            );
        }
        out.push_str("</ul>\n");
    }
    out.push_str(
        "<ul class=\"signs\"><li><i class=\"sign-base\">1</i>base, by route</li>\
         <li><i class=\"sign-stop\">1</i>stop</li><li><i class=\"sign-left-out\"></i>left out</li>\
         <li><i class=\"sign-border\"></i>territory</li></ul>\n\
         <p id=\"scale-bar\" hidden><i></i><span></span></p>\n</div>\n",
    );
    out
}

/// Money without its fraction where there is enough of it: a legend needs no cents.
fn whole_money(minor: i64, exponent: u8) -> String {
    let unit = 10_i64.saturating_pow(u32::from(exponent));
    if minor >= 10 * unit { money((minor + unit / 2) / unit, 0) } else { money(minor, exponent) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_amounts_lose_their_cents() {
        assert_eq!(whole_money(123_450, 2), "1,235");
        assert_eq!(whole_money(999, 2), "9.99");
        assert_eq!(whole_money(12_000, 0), "12,000");
    }
}
