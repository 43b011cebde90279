//! The requests of one run, as the floor sends them: in stages, each begun when the one before is answered.
//!
//! A script is a file, whose bodies the floor sends as they lie there, so that it need not parse anything.

use std::fmt::Write;

use axum::body::Bytes;
use serde_json::Value;

use super::Result;

/// The requests of one run.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Servers tell some agents more than others.
    pub user_agent: String,
    /// In order.
    pub stages: Vec<Stage>,
}

/// Requests that do not wait for each other.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// How many are under way at once.
    pub at_once: usize,
    /// What the answer must hold; until then the stage is repeated. Never with blanks.
    pub until: Vec<String>,
    /// In the order in which they begin.
    pub requests: Vec<Sent>,
}

/// A request, and what became of it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// In capitals.
    pub method: String,
    /// With its query.
    pub path: String,
    /// As it was sent.
    pub body: Bytes,
    /// The status of the answer, which the floor must get as well.
    pub status: u16,
}

/// What a request does in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Reads, when all before it are answered.
    Read,
    /// Reads the first page of the other list, side by side with the request before it.
    Beside,
    /// Writes the first of its kind, alone: on a fresh cluster that makes the index.
    First(&'static str),
    /// Looks who else writes, after some were written.
    Check(&'static str),
    /// Writes, with others of its kind.
    Rest(&'static str),
    /// Writes, when all others are written, and asks for a refresh.
    Last,
    /// Looks whether the list of channels shows what was written.
    Look,
}

impl Script {
    /// Puts requests, in the order of their sending, into stages as the program does.
    pub fn of(user_agent: String, sent: Vec<Sent>, at_once: usize) -> Self {
        let ids: Vec<String> = sent.iter().filter_map(chosen_id).collect();
        let mut stages: Vec<Stage> = Vec::new();
        let mut before = Part::Read;
        for request in sent {
            let part = part(before, stages.last(), &request);
            match (part, stages.last_mut()) {
                (Part::Look, _) if before == Part::Look => {}
                (Part::Beside, Some(stage)) => {
                    stage.at_once = 2;
                    stage.requests.push(request);
                }
                (Part::Rest(_), Some(stage)) if before == part => stage.requests.push(request),
                _ => stages.push(Stage {
                    at_once: if matches!(part, Part::Rest(_)) { at_once } else { 1 },
                    until: if part == Part::Look { ids.clone() } else { Vec::new() },
                    requests: vec![request],
                }),
            }
            before = part;
        }
        Self { user_agent, stages }
    }

    /// How many requests there are.
    pub fn len(&self) -> usize {
        self.stages.iter().map(|stage| stage.requests.len()).sum()
    }

    /// The script as a file.
    pub fn write(&self) -> Vec<u8> {
        let mut out = format!("{}\n", self.user_agent).into_bytes();
        for Stage { at_once, until, requests } in &self.stages {
            let mut head = format!("{} {at_once}", requests.len());
            for needle in until {
                let _ = write!(head, " {needle}");
            }
            out.extend_from_slice(head.as_bytes());
            out.push(b'\n');
            for Sent { method, path, body, status } in requests {
                out.extend_from_slice(format!("{method} {path} {status} {}\n", body.len()).as_bytes());
                out.extend_from_slice(body);
            }
        }
        out
    }

    /// Reads what [`Script::write`] wrote, without a copy of any body.
    pub fn read(file: Vec<u8>) -> Result<Self> {
        let mut rest = Bytes::from(file);
        let user_agent = line(&mut rest)?;
        let mut stages = Vec::new();
        while !rest.is_empty() {
            let head = line(&mut rest)?;
            let mut words = head.split(' ');
            let count: usize = words.next().unwrap_or_default().parse()?;
            let at_once = words.next().unwrap_or_default().parse()?;
            let until = words.map(str::to_owned).collect();
            let requests = (0..count).map(|_| sent(&mut rest)).collect::<Result<_>>()?;
            stages.push(Stage { at_once, until, requests });
        }
        Ok(Self { user_agent, stages })
    }
}

fn sent(rest: &mut Bytes) -> Result<Sent> {
    let head = line(rest)?;
    let [method, path, status, length] = head.split(' ').collect::<Vec<_>>()[..] else {
        return Err(format!("no request of a script: `{head}`").into());
    };
    let body = rest.split_to(length.parse()?);
    Ok(Sent { method: method.to_owned(), path: path.to_owned(), body, status: status.parse()? })
}

fn line(rest: &mut Bytes) -> Result<String> {
    let end = rest.iter().position(|byte| *byte == b'\n').ok_or("a script that is cut off")?;
    let line = rest.split_to(end + 1);
    Ok(std::str::from_utf8(&line[..end])?.to_owned())
}

fn part(before: Part, stage: Option<&Stage>, request: &Sent) -> Part {
    let is_search = |request: &Sent| request.path.contains("/monitors/_search");
    let is_channels = |request: &Sent| request.path.contains("/_notifications/configs?");
    let family = if request.path.contains("/monitors") { "monitors" } else { "destinations" };
    if request.method == "GET" || is_search(request) {
        let are_beside =
            |one: &Sent| (is_search(one) && is_channels(request)) || (is_channels(one) && is_search(request));
        let is_beside = stage.is_some_and(|stage| matches!(&stage.requests[..], [one] if are_beside(one)));
        return match before {
            Part::Read if is_beside => Part::Beside,
            Part::Read | Part::Beside => Part::Read,
            Part::Look => Part::Look,
            _ if is_channels(request) => Part::Look,
            Part::First(last) | Part::Check(last) | Part::Rest(last) => Part::Check(last),
            Part::Last => Part::Check("monitors"),
        };
    }
    match before {
        Part::First(last) | Part::Check(last) | Part::Rest(last) if last == family => {
            if request.path.contains("refresh=true") { Part::Last } else { Part::Rest(family) }
        }
        _ => Part::First(family),
    }
}

/// The id that a new channel is to have.
fn chosen_id(request: &Sent) -> Option<String> {
    let is_channel = request.method == "POST" && request.path.contains("/_notifications/");
    let body: Value = serde_json::from_slice(&request.body).ok().filter(|_| is_channel)?;
    Some(body.get("config_id")?.as_str()?.to_owned())
}
