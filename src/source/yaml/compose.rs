//! Events to nodes: anchors, aliases and merge keys are resolved, doubled keys reported, bombs refused.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use super::anchors::{Anchored, Anchors};
use super::node::{Content, Entry, Node};
use super::origin;
use super::scalar::resolve;
use super::slips::{self, NOT_YAML};
use crate::model::json::MOST_LEVELS;
use crate::source::finding::Finding;
use crate::source::place::Place;

/// How many values one file may hold, aliases counted as often as they are used.
const MOST_NODES: usize = 1_000_000;

/// Why a document could not be read to its end.
pub struct Stop {
    /// Where.
    pub marker: Marker,
    /// Why.
    pub message: String,
    /// Whether nothing more of the file can be read.
    pub is_final: bool,
}

impl From<ScanError> for Stop {
    fn from(error: ScanError) -> Self {
        Stop { marker: *error.marker(), message: format!("{NOT_YAML}{}", error.info()), is_final: false }
    }
}

/// Makes nodes of the events of one file.
pub struct Composer<'a> {
    parser: Parser<'a, StrInput<'a>>,
    file: &'a Arc<str>,
    anchors: Anchors,
    nodes: usize,
    /// What is wrong so far, and kept no document from being read.
    pub findings: Vec<Finding>,
}

impl<'a> Composer<'a> {
    /// Begins at the start of a file.
    pub fn new(text: &'a str, file: &'a Arc<str>) -> Self {
        let parser = Parser::new_from_str(text);
        Composer { parser, file, anchors: Anchors::default(), nodes: 0, findings: Vec::new() }
    }

    /// Goes on to the document after a broken one, if there is one.
    pub fn skip_document(&mut self) -> bool {
        self.parser.proceed_next_document().unwrap_or(false)
    }

    /// The next document.
    pub fn document(&mut self) -> Result<Option<Node>, Stop> {
        while let Some(next) = self.parser.next_event() {
            let (event, span) = next?;
            match event {
                Event::DocumentStart(..) => {
                    // a broken document has left its own behind
                    self.anchors = Anchors::default();
                    let (event, span) = self.event(&span)?;
                    let document = self.node(event, &span, 0)?;
                    self.findings.extend(self.anchors.end_document());
                    return Ok(Some(document));
                }
                Event::StreamEnd => return Ok(None),
                _ => {}
            }
        }
        Ok(None)
    }

    fn event(&mut self, before: &Span) -> Result<(Event<'a>, Span), Stop> {
        match self.parser.next_event() {
            Some(next) => Ok(next?),
            None => Err(Stop {
                marker: before.end,
                message: format!("{NOT_YAML}the file ends too early"),
                is_final: true,
            }),
        }
    }

    fn node(&mut self, event: Event<'a>, span: &Span, level: usize) -> Result<Node, Stop> {
        let stop = |message: String| Stop { marker: span.start, message, is_final: true };
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(stop(format!(
                "more than {MOST_NODES} values in one file, aliases counted as often as they are used"
            )));
        }
        if level > MOST_LEVELS {
            return Err(too_deep(span));
        }
        let place = self.place(&span.start);
        let mut text_start = None;
        let (anchor, content, before) = match event {
            Event::Alias(id) => return self.alias(id, span, level),
            Event::Scalar(text, style, anchor, tag) => {
                text_start = origin::text_start(&text, style, span, &place);
                (anchor, self.scalar(&text, style, tag.as_deref(), span), self.nodes)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", span);
                let before = self.nodes;
                (anchor, Content::Sequence(self.sequence(span, level)?), before)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", span);
                let before = self.nodes;
                (anchor, Content::Mapping(self.mapping(span, level)?), before)
            }
            _ => return Err(stop(format!("{NOT_YAML}expected a value"))),
        };
        let node = Node { text_start, ..Node::new(place, content) };
        if anchor > 0 {
            let nodes = self.nodes - before + 1;
            self.anchors.insert(anchor, node.clone(), nodes);
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, span: &Span, level: usize) -> Result<Node, Stop> {
        let Some(Anchored { node, nodes, levels, .. }) = self.anchors.resolve(id) else {
            return Err(Stop {
                marker: span.start,
                message: "an alias cannot stand inside of what it stands for".to_owned(),
                is_final: false,
            });
        };
        self.nodes += nodes;
        if self.nodes > MOST_NODES {
            return Err(Stop {
                marker: span.start,
                message: format!(
                    "more than {MOST_NODES} values in one file, aliases counted as often as they are used"
                ),
                is_final: true,
            });
        }
        if level + levels > MOST_LEVELS {
            return Err(too_deep(span));
        }
        Ok(node.clone())
    }

    fn sequence(&mut self, start: &Span, level: usize) -> Result<Vec<Node>, Stop> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.event(start)?;
            if event == Event::SequenceEnd {
                return Ok(items);
            }
            items.push(self.node(event, &span, level + 1)?);
        }
    }

    fn mapping(&mut self, start: &Span, level: usize) -> Result<Vec<Entry>, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut places: HashMap<String, Place> = HashMap::new();
        let mut merged = Vec::new();
        loop {
            let (event, span) = self.event(start)?;
            if event == Event::MappingEnd {
                break;
            }
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            let place = self.place(&span.start);
            let key = match &event {
                Event::Scalar(text, ..) => Some(text.to_string()),
                _ => None,
            };
            let node = self.node(event, &span, level + 1)?;
            let key = key.or_else(|| key_text(&node));
            let (event, span) = self.event(start)?;
            let value = self.node(event, &span, level + 1)?;
            match key {
                None => {
                    let message = format!("expected a text as key, found {}", node.type_name());
                    let finding = Finding::at(&place, message);
                    self.findings.push(match node.content {
                        Content::Mapping(_) => finding.hint(slips::in_quotes("{{")),
                        _ => finding,
                    });
                }
                Some(_) if is_merge => merged.push(value),
                Some(key) => {
                    if let Some(first) = places.get(&key) {
                        self.findings.push(
                            Finding::at(&place, format!("`{key}` is given twice, first at {first}"))
                                .hint("remove one of the two"),
                        );
                    } else {
                        places.insert(key.clone(), place.clone());
                        entries.push(Entry { key, place, value });
                    }
                }
            }
        }
        for value in merged {
            self.merge(value, &mut entries, &mut places);
        }
        Ok(entries)
    }

    /// Adds what `<<` brings in; keys that are there already win.
    fn merge(&mut self, value: Node, entries: &mut Vec<Entry>, places: &mut HashMap<String, Place>) {
        match value.content {
            Content::Mapping(others) => {
                for entry in others {
                    if !places.contains_key(&entry.key) {
                        places.insert(entry.key.clone(), entry.place.clone());
                        entries.push(entry);
                    }
                }
            }
            Content::Sequence(items) => items.into_iter().for_each(|item| self.merge(item, entries, places)),
            _ => self.findings.push(Finding::at(
                &value.place,
                format!("expected a mapping to merge, found {}", value.type_name()),
            )),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: &Span) -> Content {
        let suffix = tag.and_then(core_suffix);
        let is_text = match (tag, suffix) {
            (None, _) => style != ScalarStyle::Plain,
            (Some(_), Some("str")) => true,
            (Some(_), Some("int" | "float" | "bool" | "null")) => false,
            (Some(tag), _) => {
                self.check_tag(Some(tag), "str", span);
                true
            }
        };
        if is_text { Content::Text(text.to_owned()) } else { resolve(text) }
    }

    fn check_tag(&mut self, tag: Option<&Tag>, wanted: &str, span: &Span) {
        if let Some(tag) = tag
            && core_suffix(tag) != Some(wanted)
        {
            // a text that was meant may be a secret
            let place = self.place(&span.tag_start().unwrap_or(span.start));
            let finding = Finding::at(&place, "a tag, which means nothing here");
            self.findings.push(finding.hint(slips::in_quotes("!")));
        }
    }

    /// Where a marker stands.
    pub fn place(&self, marker: &Marker) -> Place {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place { file: Arc::clone(self.file), line: number(marker.line()), column: number(marker.col() + 1) }
    }
}

fn too_deep(span: &Span) -> Stop {
    let message = format!("more than {MOST_LEVELS} values in one another");
    Stop { marker: span.start, message, is_final: true }
}

fn core_suffix(tag: &Tag) -> Option<&str> {
    tag.core_suffix()
}

fn key_text(node: &Node) -> Option<String> {
    match &node.content {
        Content::Text(text) | Content::Number(text) => Some(text.clone()),
        Content::Bool(truth) => Some(truth.to_string()),
        Content::Null | Content::Sequence(_) | Content::Mapping(_) => None,
    }
}
