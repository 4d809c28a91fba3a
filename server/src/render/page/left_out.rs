//! Cases that are not in the plan: counts, five examples and a list for each reason.

use super::super::document::{LeftOut, PlanDocument};
use super::super::figures::{count, counted, money, percent};
use super::super::html::{Escaped, put};

const EXAMPLES: usize = 5;
/// Rows of a list; the CSV has them all.
const MOST_ROWS: usize = 200;

/// A reason with its cases, best first.
pub(super) struct Reason<'a> {
    pub(super) title: &'a str,
    pub(super) cases: Vec<&'a LeftOut>,
}

/// Reasons by number of cases, the commonest first.
pub(super) fn reasons(document: &PlanDocument) -> Vec<Reason<'_>> {
    let mut reasons: Vec<(&str, Reason<'_>)> = Vec::new();
    for case in &document.left_out {
        match reasons.iter_mut().find(|(code, _)| *code == case.code) {
            Some((_, reason)) => reason.cases.push(case),
            None => {
                reasons.push((&case.code, Reason { title: &case.title, cases: vec![case] }));
            }
        }
    }
    reasons.sort_by_key(|(_, reason)| std::cmp::Reverse(reason.cases.len()));
    reasons.into_iter().map(|(_, reason)| reason).collect()
}

/// One block per reason; nothing where no case was left out.
pub(super) fn left_out_section(document: &PlanDocument) -> String {
    let mut out = String::new();
    if document.left_out.is_empty() {
        return out;
    }
    let all = count(document.left_out.len());
    put(&mut out, format_args!("<section><h2>Left out <span>{all}</span></h2>\n"));
    for reason in reasons(document) {
        let n = reason.cases.len();
        let share = percent(signed(n), signed(document.left_out.len()));
        put(
            &mut out,
            format_args!(
                "<section class=\"reason\"><h3>{} <span>{}, {share} %</span></h3>\
                 <div class=\"bar\"><i style=\"width:{share}%\"></i></div>\n",
                Escaped(reason.title),
                counted(n, "case", "cases"),
            ),
        );
        let examples = &reason.cases[..n.min(EXAMPLES)];
        let ranked = examples.iter().any(|case| case.prize_minor.is_some());
        let first = if ranked { "Best" } else { "First" };
        rows(&mut out, document, examples, &format!("{first} {} of {}", examples.len(), count(n)));
        if n > EXAMPLES {
            let shown = &reason.cases[..n.min(MOST_ROWS)];
            let summary = if n > MOST_ROWS { "The first 200" } else { "All" };
            put(&mut out, format_args!("<details><summary>{summary}"));
            if n <= MOST_ROWS {
                put(&mut out, format_args!(" {n}"));
            }
            out.push_str("</summary>\n");
            let order = if ranked { "By what the visit would bring" } else { "By case" };
            rows(&mut out, document, shown, order);
            if n > MOST_ROWS {
                let more = count(n - MOST_ROWS);
                put(&mut out, format_args!("<p class=\"more\">and {more} more in the CSV</p>\n"));
            }
            out.push_str("</details>\n");
        }
        out.push_str("</section>\n");
    }
    out.push_str("</section>\n");
    out
}

fn rows(out: &mut String, document: &PlanDocument, cases: &[&LeftOut], caption: &str) {
    let priced = cases.iter().any(|c| c.prize_minor.is_some() || c.cost_minor.is_some());
    let currency = Escaped(&document.currency);
    put(out, format_args!("<div class=\"scroll\"><table><caption>{caption}"));
    if priced {
        put(out, format_args!(", money in {currency}"));
    }
    out.push_str(
        "</caption><thead><tr><th scope=\"col\">Case</th><th scope=\"col\">Why it is left out</th>",
    );
    if priced {
        out.push_str(
            "<th scope=\"col\" class=\"n\">Prize</th><th scope=\"col\" class=\"n\">Detour</th>",
        );
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let amount =
        |minor: Option<i64>| minor.map(|m| money(m, document.exponent)).unwrap_or_default();
    for case in cases {
        let (name, why) = (Escaped(&case.case_ref), Escaped(&case.sentence));
        put(out, format_args!("<tr><th scope=\"row\">{name}</th><td>{why}</td>"));
        if priced {
            put(
                out,
                format_args!(
                    "<td class=\"n\">{}</td><td class=\"n\">{}</td>",
                    amount(case.prize_minor),
                    amount(case.cost_minor)
                ),
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
