//! What an update changes of what a monitor or a workflow reads, in words.

use serde_json::Value;

use super::Words;
use crate::api::wire::doc_queries;
use crate::model::monitor::{Delegate, Input, Monitor};
use crate::model::reference::Reference;
use crate::one_line::quoted;
use crate::source::duration;
use crate::source::sought::{Sought, sought};

impl Words<'_> {
    /// What is read otherwise; `renamed` are the inputs before by the names that queries have after.
    pub(super) fn inputs(&mut self, before_monitor: &Monitor, renamed: &[Input], after_monitor: &Monitor) {
        let (before, after) = (before_monitor.inputs.as_slice(), after_monitor.inputs.as_slice());
        if let (
            [Input::Search { indices: were, body: before }],
            [Input::Search { indices: are, body: after }],
        ) = (before, after)
        {
            if were != are {
                self.say("index".to_owned());
            }
            match (sought(before_monitor), sought(after_monitor)) {
                (Some(was), Some(is)) => {
                    self.sought(&was, &is, before_monitor.schedule != after_monitor.schedule);
                }
                _ if before != after => self.say("query".to_owned()),
                _ => {}
            }
        } else if let (Some((were, named)), Some((_, renamed)), Some((are, after_named))) =
            (doc_queries::named(before), doc_queries::named(renamed), doc_queries::named(after))
        {
            let said = self.said.len();
            if were != are {
                self.say("index".to_owned());
            }
            self.doc_queries(&named, &renamed, after_named);
            if said == self.said.len() && before != after {
                self.say("document queries".to_owned());
            }
        } else if let ([Input::Composite(were)], [Input::Composite(are)]) = (before, after) {
            self.delegates(were, are);
        } else if before != after {
            let kinds = [("uri", "cluster metrics"), ("ppl_input", "query")];
            let words = match after {
                [Input::Other(input)] => {
                    let value = input.value();
                    let known = kinds.iter().find(|(key, _)| value.get(key).is_some());
                    known.map_or("input", |(_, words)| *words)
                }
                _ => "input",
            };
            self.say(words.to_owned());
        }
    }

    fn sought(&mut self, was: &Sought, is: &Sought, is_rescheduled: bool) {
        if was.query != is.query {
            self.say("query".to_owned());
        }
        if let (Some(was), Some(is)) = (&was.time_field, &is.time_field)
            && was != is
        {
            if self.is_plain(was) && self.is_plain(is) {
                self.say(format!("time_field {} -> {}", quoted(was), quoted(is)));
            } else {
                self.say("time_field".to_owned());
            }
        }
        let window = |sought: &Sought| sought.window.map_or("none".to_owned(), duration::print);
        match (window(was), window(is)) {
            // the schedule says so
            (before, after) if before != after && was.follows_schedule && is.follows_schedule => {}
            (before, after) if before != after => {
                let whose = if is.follows_schedule { ", as the schedule" } else { "" };
                self.say(format!("window {before} -> {after}{whose}"));
            }
            (window, _) if is_rescheduled && is.window.is_some() => {
                self.say(format!("window stays {window}"));
            }
            _ => {}
        }
    }

    fn delegates(&mut self, before: &[Delegate], after: &[Delegate]) {
        let run = |delegates: &[Delegate], monitor: &Reference| {
            delegates.iter().any(|delegate| delegate.monitor == *monitor)
        };
        let gained = after.iter().map(|delegate| &delegate.monitor).filter(|monitor| !run(before, monitor));
        let lost = before.iter().map(|delegate| &delegate.monitor).filter(|monitor| !run(after, monitor));
        let mut is_said = false;
        for (runs, monitor) in gained.map(|it| ("runs", it)).chain(lost.map(|it| ("no longer runs", it))) {
            self.say(format!("{runs} {}", quoted(monitor.as_str())));
            is_said = true;
        }
        if !is_said && before != after {
            self.say("delegates".to_owned());
        }
    }

    fn doc_queries(
        &mut self,
        before: &[(String, Value)],
        renamed: &[(String, Value)],
        mut after: Vec<(String, Value)>,
    ) {
        for ((was, _), (is, query)) in before.iter().zip(renamed) {
            let Some(index) = after.iter().position(|(name, _)| name == is) else {
                self.say(format!("query {} goes", quoted(was)));
                continue;
            };
            if was != is {
                self.say(format!("query {} is now {}", quoted(was), quoted(is)));
            }
            if after.remove(index).1 != *query {
                self.say(format!("query {}", quoted(is)));
            }
        }
        for (name, _) in after {
            self.say(format!("new query {}", quoted(&name)));
        }
    }
}
