//! The words that the tables are written in: `field("size", Kind::Int).or(Lit::Int(10))`.

use super::schema::{
    At, Default, Field, Form, Kind, Lines, Lit, Need, Object, Parser, Rest, Short, Spec, Type,
};
use crate::api::line::Line;

impl Spec {
    /// A table whose parser is written by hand.
    pub const fn hand(name: &'static str, fields: &'static [&'static [Field]]) -> Spec {
        Spec {
            name,
            parser: Parser::Hand,
            fields,
            rest: Rest::Refused,
            needs: &[],
            before: None,
            after: None,
        }
    }

    /// A table whose parser is made of declarations.
    pub const fn declared(name: &'static str, fields: &'static [&'static [Field]]) -> Spec {
        Spec { parser: Parser::Declared, ..Spec::hand(name, fields) }
    }

    /// Says what the keys are that the table doesn't list.
    pub const fn rest(self, rest: Rest) -> Spec {
        Spec { rest, ..self }
    }

    /// Says what must be there.
    pub const fn needs(self, needs: &'static [Need]) -> Spec {
        Spec { needs, ..self }
    }

    /// Adds the two directions of what concerns several keys at once.
    pub const fn tidied(self, before: fn(&mut Object, At), after: fn(&mut Object)) -> Spec {
        Spec { before: Some(before), after: Some(after), ..self }
    }

    /// All fields, with their places.
    pub fn each(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().copied().flatten()
    }
}

/// A key that is given back if it was sent.
pub const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        aliases: &[],
        kind,
        default: Default::None,
        lines: Lines::ALL,
        short: Short::Same,
        older: None,
    }
}

impl Field {
    /// The server always gives it back, with this value if nothing was sent.
    pub const fn or(self, default: Lit) -> Field {
        Field { default: Default::Shown(default), ..self }
    }

    /// The server gives it back unless it has this value.
    pub const fn unless(self, default: Lit) -> Field {
        Field { default: Default::Hidden(default), ..self }
    }

    /// The server takes it, and forgets it without a word.
    pub const fn forgotten(self) -> Field {
        Field { default: Default::Forgotten, ..self }
    }

    /// Other keys for the same.
    pub const fn also(self, aliases: &'static [&'static str]) -> Field {
        Field { aliases, ..self }
    }

    /// The first line that knows it.
    pub const fn since(self, from: Line) -> Field {
        Field { lines: Lines { from, to: Line::V3 }, ..self }
    }

    /// The last line that knows it.
    pub const fn until(self, to: Line) -> Field {
        Field { lines: Lines { from: Line::Odfe, to }, ..self }
    }

    /// The key that a person would write.
    pub const fn shortly(self, name: &'static str) -> Field {
        Field { short: Short::Name(name), ..self }
    }
}

impl Type {
    /// Something that all lines know by this name.
    pub const fn new(name: &'static str, form: Form) -> Type {
        Type { name, aliases: &[], lines: Lines::ALL, form, older: None }
    }

    /// The first line that knows it.
    pub const fn since(self, from: Line) -> Type {
        Type { lines: Lines { from, to: Line::V3 }, ..self }
    }

    /// The last line that knows it.
    pub const fn until(self, to: Line) -> Type {
        Type { lines: Lines { from: Line::Odfe, to }, ..self }
    }

    /// Other names for the same.
    pub const fn also(self, aliases: &'static [&'static str]) -> Type {
        Type { aliases, ..self }
    }
}
