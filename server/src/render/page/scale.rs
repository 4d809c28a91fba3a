//! Classes of cell values, from pale to dark.

use super::super::document::Cell;

/// Classes that hold about as many cells each, with round borders between them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// Upper borders of all classes but the last, rising.
    borders: Vec<i64>,
    /// The highest value.
    pub(super) highest: i64,
}

const CLASSES: usize = 5;

impl Scale {
    /// Only cells worth a visit count; without any there is no scale.
    pub(super) fn of(cells: &[Cell]) -> Option<Self> {
        let mut values: Vec<i64> =
            cells.iter().map(|c| c.value_minor).filter(|value| *value > 0).collect();
        values.sort_unstable();
        let highest = *values.last()?;
        let mut borders: Vec<i64> = (1..CLASSES)
            .map(|i| two_digits(values[values.len() * i / CLASSES]))
            .filter(|border| *border < two_digits(highest))
            .collect();
        borders.dedup();
        Some(Self { borders, highest })
    }

    /// Class of a value: 0 for nothing, then 1 to [`Scale::classes`].
    pub(super) fn class(&self, value_minor: i64) -> usize {
        if value_minor <= 0 {
            return 0;
        }
        1 + self.borders.iter().filter(|border| value_minor > **border).count()
    }

    /// Number of classes above nothing.
    pub(super) fn classes(&self) -> usize {
        self.borders.len() + 1
    }

    /// Upper border of a class, counted from 1.
    pub(super) fn up_to(&self, class: usize) -> i64 {
        self.borders.get(class - 1).copied().unwrap_or(self.highest)
    }

    /// Shade of a class, 1 to 5, spread over the whole range when there are few classes.
    pub(super) fn shade(&self, class: usize) -> usize {
        if class == 0 {
            0
        } else {
            CLASSES - (self.classes() - class) * CLASSES / self.classes().max(1)
        }
    }
}

/// Rounded to two leading digits: 12,345 to 12,000.
fn two_digits(value: i64) -> i64 {
    let mut unit = 1;
    while value / unit >= 100 {
        unit *= 10;
    }
    (value + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(values: &[i64]) -> Vec<Cell> {
        let cell = |value_minor: &i64| Cell {
            index: String::new(),
            boundary: vec![],
            agent_ref: None,
            cases: 1,
            value_minor: *value_minor,
        };
        values.iter().map(cell).collect()
    }

    #[test]
    fn borders_are_round_and_split_the_cells() {
        let scale =
            Scale::of(&cells(&[111, 222, 333, 444, 555, 666, 777, 888, 999, 1234])).unwrap();
        assert_eq!(scale.borders, [330, 560, 780, 1_000]);
        assert_eq!(scale.class(0), 0);
        assert_eq!(scale.class(330), 1);
        assert_eq!(scale.class(331), 2);
        assert_eq!(scale.class(5_000), 5);
        assert_eq!((scale.up_to(1), scale.up_to(5)), (330, 1_234));
    }

    #[test]
    fn few_values_have_few_classes() {
        assert_eq!(Scale::of(&cells(&[7_540])).unwrap().borders, [] as [i64; 0]);
        assert_eq!(Scale::of(&cells(&[0, -5])), None);
        let one = Scale::of(&cells(&[700])).unwrap();
        assert_eq!((one.classes(), one.class(700), one.shade(1)), (1, 1, 5));
        let two = Scale::of(&cells(&[100, 700])).unwrap();
        assert_eq!((two.classes(), two.shade(1), two.shade(2)), (2, 3, 5));
    }
}
