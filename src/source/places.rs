//! Where the parts of a resource stand in its file.

use super::place::Place;
use crate::model::part::Part;

/// Where a resource and its parts stand: a few bytes a part, since a project may declare ten thousand monitors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    whole: Place,
    parts: Vec<(Part, u32, u32)>,
}

impl Places {
    /// Begins with the place of the resource itself.
    pub const fn new(whole: Place) -> Self {
        Self { whole, parts: Vec::new() }
    }

    /// Notes where a part stands; all parts stand in the file of the whole.
    pub fn note(&mut self, part: Part, place: &Place) {
        self.parts.push((part, place.line, place.column));
    }

    /// Where the resource begins.
    pub const fn whole(&self) -> &Place {
        &self.whole
    }

    /// Where the part stands, or the nearest part around it that has a place.
    pub fn of(&self, part: Part) -> Place {
        let mut wanted = Some(part);
        while let Some(part) = wanted {
            if let Some((_, line, column)) = self.parts.iter().find(|(noted, ..)| *noted == part) {
                return Place { line: *line, column: *column, ..self.whole.clone() };
            }
            wanted = part.around();
        }
        self.whole.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_without_a_place_stands_where_the_one_around_it_does() {
        let place = |line| Place { file: "m.yaml".into(), line, column: 3 };
        let mut places = Places::new(place(1));
        places.note(Part::trigger(0), &place(7));
        assert_eq!(places.of(Part::trigger(0)), place(7));
        assert_eq!(places.of(Part::destination(0, 1)), place(7));
        assert_eq!(places.of(Part::condition(1)), place(1));
    }
}
