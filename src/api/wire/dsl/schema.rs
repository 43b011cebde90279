//! The vocabulary of the tables: what an object may hold, and what the server adds to it, renames and drops.
//!
//! A table says each thing once; [`super::forward`] and [`super::backward`] read it in the two directions.

use serde_json::{Map, Value};

pub use super::builder::field;
use super::refusal::Fault;
use crate::api::line::Line;

/// A JSON object.
pub type Object = Map<String, Value>;

/// The value that the server gives back, or what it throws.
pub type Outcome = Result<Value, Fault>;

/// Where a body is read: the line of the server, and how strictly.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// The line of the server.
    pub line: Line,
    /// What becomes of what the server would refuse.
    pub mode: Mode,
}

/// What becomes of what the tables don't know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is refused, as a server does.
    Strict,
    /// It stays as it stands.
    Lenient,
}

/// A stretch of lines, both ends included.
#[derive(Clone, Copy, Debug)]
pub struct Lines {
    /// The first line that knows it.
    pub from: Line,
    /// The last one.
    pub to: Line,
}

/// What an object may hold.
#[derive(Debug)]
pub struct Spec {
    /// The name of the object in the server's errors.
    pub name: &'static str,
    /// The kind of parser, which decides how unknown keys are refused.
    pub parser: Parser,
    /// The keys, in the order in which the server writes them.
    pub fields: &'static [&'static [Field]],
    /// What the other keys are.
    pub rest: Rest,
    /// What must be there.
    pub needs: &'static [Need],
    /// Puts shorthands that concern several keys into their long form, before the fields are read; never fails.
    pub before: Option<fn(&mut Object, At)>,
    /// The inverse of `before`, after the fields have been shortened.
    pub after: Option<fn(&mut Object)>,
}

/// How the server reads an object, as far as its errors tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parser {
    /// By hand: what is wrong is a parsing exception.
    Hand,
    /// By declarations: an unknown key has its own text, and what is wrong inside a key is hidden behind that key.
    Declared,
    /// The search body's own: whatever is wrong with a key is that key in that shape.
    Body,
}

/// What the keys are that an object's table does not list.
#[derive(Clone, Copy, Debug)]
pub enum Rest {
    /// Unknown, thus refused.
    Refused,
    /// The name of the one field that is asked about, beside the options.
    Field(Kind),
    /// Names that the user chooses.
    Names(Kind),
}

/// A key that must be there, or one of several.
#[derive(Debug)]
pub struct Need {
    /// Any of these will do, if it is no empty list.
    pub any: &'static [&'static str],
    /// What the server throws; `{name}` is the name that the user gave to the aggregation.
    pub fault: fn() -> Fault,
}

/// One key of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key that the server gives back.
    pub name: &'static str,
    /// Other keys that it takes for the same.
    pub aliases: &'static [&'static str],
    /// What stands there.
    pub kind: Kind,
    /// What is given back if nothing is sent.
    pub default: Default,
    /// The lines that know the key.
    pub lines: Lines,
    /// The key that a person would write.
    pub short: Short,
    /// How an older line spells it.
    pub older: Option<Older>,
}

/// The spelling of a key up to a line.
#[derive(Clone, Copy, Debug)]
pub struct Older {
    /// The last line that spells it so.
    pub until: Line,
    /// The key.
    pub name: &'static str,
    /// The default.
    pub default: Lit,
}

/// What the server gives back for a key that was not sent, or was sent with its default.
#[derive(Clone, Copy, Debug)]
pub enum Default {
    /// Nothing; whatever is sent comes back.
    None,
    /// The default, always.
    Shown(Lit),
    /// Nothing, even if the default was sent.
    Hidden(Lit),
    /// Nothing, whatever was sent.
    Forgotten,
}

/// The key that a person would write.
#[derive(Clone, Copy, Debug)]
pub enum Short {
    /// The server's.
    Same,
    /// Another that means the same.
    Name(&'static str),
    /// It depends on the shortened value.
    By(fn(&Value) -> &'static str),
}

/// A literal of the tables.
#[derive(Clone, Copy, Debug)]
pub enum Lit {
    /// `null`.
    Null,
    /// `false`.
    False,
    /// `true`.
    True,
    /// A whole number.
    Int(i64),
    /// A number with a point as the server prints it, its exponent as `serde_json` keeps it: `1.0e+7`.
    Num(&'static str),
    /// A text.
    Text(&'static str),
    /// Anything else, as JSON.
    Json(&'static str),
}

/// What stands at a key.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any JSON; only its numbers are printed anew.
    Any,
    /// A text, a number or a boolean.
    Scalar,
    /// A value that is compared with a field's; an integer beyond 64 bits becomes a text.
    Term,
    /// The same, or null.
    TermOrNull,
    /// A text; a number or a boolean becomes one.
    Text,
    /// A boolean; the texts `true` and `false` will do.
    Bool,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A number of 32 bits with a point.
    Float,
    /// A number of 64 bits with a point.
    Double,
    /// One of these words, upper-case however it is written.
    Upper(&'static [&'static str]),
    /// One of these words, lower-case however it is written.
    Lower(&'static [&'static str]),
    /// One of these words, exactly.
    Exact(&'static [&'static str]),
    /// A list.
    List(&'static Kind),
    /// A value of a kind, or null, which is as good as none.
    OrNone(&'static Kind),
    /// A list, or one alone; it comes back as a list.
    Many(&'static Kind),
    /// An object of names that the user chooses.
    Names(&'static Kind),
    /// An object with its own table.
    Object(&'static Spec),
    /// A query.
    Query,
    /// Queries: a list or one alone. Given under two spellings of the key, both count.
    Clauses,
    /// Something with a form of its own.
    Own(&'static Own),
}

/// A form of its own: the two directions, each the other's inverse.
#[derive(Debug)]
pub struct Own {
    /// What the server makes of it.
    pub expand: fn(&Value, At) -> Outcome,
    /// The shortest spelling of that.
    pub shorten: fn(&Value) -> Value,
}

/// One of several things that are named by the only key of an object: a query, an aggregation.
#[derive(Debug)]
pub struct Type {
    /// The name that the server gives back.
    pub name: &'static str,
    /// Other names that it takes for the same.
    pub aliases: &'static [&'static str],
    /// The lines that know it.
    pub lines: Lines,
    /// What stands under the name.
    pub form: Form,
    /// The name on older lines.
    pub older: Option<(Line, &'static str)>,
}

/// What stands under the name of a query or an aggregation.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Options: `{"exists": {"field": "level"}}`.
    Plain(&'static Spec),
    /// Options under the name of a field: `{"term": {"level": {"value": "ERROR"}}}`.
    UnderField(&'static Spec),
    /// The same, and the value may stand alone for the option named: `{"term": {"level": "ERROR"}}`.
    ValueUnderField(&'static Spec, &'static str),
    /// Something else than an object with a table.
    Kind(Kind),
}

impl Lines {
    /// All lines.
    pub const ALL: Lines = Lines { from: Line::Odfe, to: Line::V3 };

    /// Whether this line is among them.
    pub fn contain(self, line: Line) -> bool {
        self.from <= line && line <= self.to
    }
}

impl Default {
    /// The default, if there is one.
    pub fn lit(self) -> Option<Lit> {
        match self {
            Default::Shown(lit) | Default::Hidden(lit) => Some(lit),
            Default::None | Default::Forgotten => None,
        }
    }
}
