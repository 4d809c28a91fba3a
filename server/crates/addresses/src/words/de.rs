//! German. `strasse` and `str` at the end of a word are words of their own, see [`crate::name`].

use super::Row;

pub(super) const TYPES: &[Row] = &[
    ("strasse", &["str"]),
    ("platz", &["pl"]),
    ("allee", &[]),
    ("gasse", &[]),
    ("weg", &[]),
    ("ring", &[]),
    ("ufer", &[]),
    ("chaussee", &["ch"]),
];

pub(super) const DIRECTIONS: &[Row] = &[
    ("nord", &["n", "noerdlich", "nordlich"]),
    ("sued", &["s", "sud"]),
    ("ost", &["o"]),
    ("west", &["w"]),
];

pub(super) const OTHERS: &[Row] = &[
    ("sankt", &["st", "skt"]),
    ("doktor", &["dr"]),
    ("professor", &["prof"]),
    ("gross", &["gr", "grosse", "grosser", "grosses"]),
    ("klein", &["kl", "kleine", "kleiner", "kleines"]),
    ("ober", &["ob", "obere", "oberer"]),
    ("unter", &["unt", "untere", "unterer"]),
    ("alt", &["alte", "alter", "altes"]),
];
