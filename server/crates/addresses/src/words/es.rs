//! Spanish.

use super::Row;

pub(super) const TYPES: &[Row] = &[
    ("calle", &["c", "cl", "cll"]),
    ("avenida", &["av", "avda", "avd", "ave"]),
    ("plaza", &["pl", "plz", "pza"]),
    ("paseo", &["po", "pso"]),
    ("carretera", &["ctra", "crta", "carr"]),
    ("camino", &["cno", "cmno"]),
    ("callejon", &["cjon"]),
    ("calzada", &["calz"]),
    ("carrera", &["cra", "kra", "cr"]),
    ("ronda", &["rda"]),
    ("travesia", &["trva", "trav"]),
    ("glorieta", &["gta"]),
    ("bulevar", &["blvr", "blvd"]),
    ("urbanizacion", &["urb"]),
    ("pasaje", &["pje", "psje"]),
];

pub(super) const DIRECTIONS: &[Row] = &[
    ("norte", &["n", "nte"]),
    ("sur", &["s"]),
    ("este", &["e"]),
    ("oeste", &["o"]),
    ("oriente", &["ote"]),
    ("poniente", &["pte"]),
];

pub(super) const OTHERS: &[Row] = &[
    ("san", &["s"]),
    ("santa", &["sta"]),
    ("santo", &["sto"]),
    ("doctor", &["dr"]),
    ("doctora", &["dra"]),
    ("general", &["gral", "gen"]),
    ("nuestra", &["ntra"]),
    ("senora", &["sra"]),
    ("1st", &["primera", "primero", "1ra", "1ro", "1a"]),
    ("2nd", &["segunda", "segundo", "2da", "2do", "2a"]),
    ("3rd", &["tercera", "tercero", "3ra", "3ro", "3a"]),
];
